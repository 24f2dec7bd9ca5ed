import { table } from "../../worker/ops/table.ts";
import type { Measure, Network } from "../measure.ts";
import type { Summary } from "../statistics.ts";
import { aggregate, judge, type Row, type Verdict } from "./judge.ts";
import type { Results } from "./results.ts";
import type { Target } from "./targets.ts";

/** A run as text: the tables, the targets, what failed. */
export function report({ measures, failures }: Results, targets: readonly Target[]): string {
  const failed = failures.map(
    ({ workload, network, why }) => `${workload}, ${network}, failed: ${why}`,
  );
  return ["", ...tables(measures), targetTable(judge(measures, targets)), ...failed]
    .filter((part, index) => part || index === 0)
    .join("\n\n");
}

/** A table a workload and network: medians, with the lowest and the highest round. */
function tables(measures: readonly Measure[]): string[] {
  const rows = aggregate(measures);
  const titles = [...new Set(rows.map(titleOf))];
  return titles.map((title) =>
    tableOf(
      title,
      rows.filter((row) => titleOf(row) === title),
    ),
  );
}

/** What was to be reached, and whether it was; of what was measured. */
function targetTable(verdicts: readonly Verdict[]): string {
  const measured = verdicts.filter(({ verdict }) => verdict !== "not measured");
  if (measured.length === 0) return "";
  const head = ["target", "workload", "wanted", "reached", "rounds", "verdict"];
  const rows = measured.map(({ says, workload, network, wanted, reached, verdict }) => [
    says,
    network === "loopback" ? workload : `${workload}, 1 ms`,
    wanted,
    cell(reached),
    String(reached.runs),
    verdict,
  ]);
  const title = `Targets (${measured.length} of ${verdicts.length} measured)`;
  const text = `${title}\n${table(head, rows, { figures: true })}`;
  return measured.some(({ isAbsolute }) => isAbsolute) ? `${text}\n${ABSOLUTE}` : text;
}

const ABSOLUTE =
  "Wanted figures with a unit hold for a quiet machine with two cores; the others are ratios within a round.";

function titleOf({ workload, network }: Row): string {
  return `${workload}, ${WHERE[network]}`;
}

const WHERE: Record<Network, string> = {
  loopback: "loopback",
  delayed: "1 ms to Postgres and Redis",
};

function tableOf(title: string, rows: Row[]): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const lines = rows.map(({ side, point, values }) => [
    point === undefined ? side : `${side}, ${figure(point)}`,
    ...names.map((name) => cell(values[name])),
    String(Math.max(...Object.values(values).map(({ runs }) => runs))),
  ]);
  return `${title}\n${table(["side", ...names, "rounds"], lines, { figures: true })}`;
}

function cell(summary: Summary | undefined): string {
  if (!summary || summary.runs === 0) return "–";
  const { median, lowest, highest } = summary;
  if (lowest === highest) return figure(median);
  return `${figure(median)} (${figure(lowest)}–${figure(highest)})`;
}

/** Three digits that mean something. */
function figure(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}
