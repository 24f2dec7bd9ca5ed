import type { Measure, Network } from "../measure";
import type { Summary } from "../statistics";
import { aggregate, type Row } from "./aggregate";
import type { Verdict } from "./judge";

/** The results as text: a table a workload and network, medians with the lowest and highest run. */
export function tables(measures: readonly Measure[]): string {
  const rows = aggregate(measures);
  const titles = [...new Set(rows.map(titleOf))];
  return titles
    .map((title) =>
      tableOf(
        title,
        rows.filter((row) => titleOf(row) === title),
      ),
    )
    .join("\n");
}

/** What was to be reached, and whether it was; of what was measured. */
export function targetTable(verdicts: readonly Verdict[]): string {
  const measured = verdicts.filter(({ verdict }) => verdict !== "not measured");
  if (measured.length === 0) return "";
  const title = `\nTargets (${measured.length} of ${verdicts.length} measured)`;
  return table(title, [
    ["", "workload", "wanted", "reached", "rounds", "verdict"],
    ...measured.map(({ says, workload, network, wanted, reached, verdict }) => [
      says,
      network === "loopback" ? workload : `${workload}, 1 ms`,
      wanted,
      cell(reached),
      String(reached.runs),
      verdict,
    ]),
  ]);
}

function titleOf({ workload, network }: Row): string {
  return `${workload}, ${WHERE[network]}`;
}

const WHERE: Record<Network, string> = {
  loopback: "loopback",
  delayed: "1 ms to Postgres and Redis",
};

function tableOf(title: string, rows: Row[]): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return table(title, [
    ["", ...names, "rounds"],
    ...rows.map(({ side, point, values }) => [
      point === undefined ? side : `${side}, ${figure(point)}`,
      ...names.map((name) => cell(values[name])),
      String(Math.max(...Object.values(values).map(({ runs }) => runs))),
    ]),
  ]);
}

/** Lines of cells as columns: the first to the left, all others to the right. */
function table(title: string, lines: string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const body = lines.map((line) =>
    line
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return [title, ...body, ""].join("\n");
}

function cell(summary: Summary | undefined): string {
  if (!summary || summary.runs === 0) return "–";
  const { median, lowest, highest } = summary;
  if (lowest === highest) return figure(median);
  return `${figure(median)} (${figure(lowest)}–${figure(highest)})`;
}

/** Three digits that mean something. */
export function figure(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}
