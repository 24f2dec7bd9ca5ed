import { examine } from "../doctor/examine";
import type { Verdict } from "../doctor/verdict";

/** How the commands lay out what people read. */
type Table = (head: string[], rows: string[][]) => string;

/** `ops doctor`: is this installation fit to serve? Refused when anything is bad. */
export async function doctor(table: Table) {
  return report(await examine(), table);
}

/** What the command prints and ends with: advice is no reason to refuse. */
export function report(checks: Verdict[], table: Table) {
  const count = (wanted: string) => checks.filter(({ verdict }) => verdict === wanted).length;
  const counts = { good: count("good"), advice: count("advice"), bad: count("bad") };
  const worst = (["bad", "advice"] as const).find((verdict) => counts[verdict] > 0) ?? "good";
  const rows = checks.flatMap(({ check, verdict, says, mend }) => [
    [check, verdict, says],
    ...(mend ? [["", "", `→ ${mend}`]] : []),
  ]);
  const sum = `${counts.good} good, ${counts.advice} with advice, ${counts.bad} bad.`;
  return {
    exitCode: worst === "bad" ? (1 as const) : (0 as const),
    data: { status: worst, counts, checks },
    text: `${table(["CHECK", "VERDICT", "WHAT WAS FOUND"], rows)}\n\n${sum}`,
  };
}
