import type { Measure } from "../measure";
import type { Summary } from "../statistics";
import { aggregate, type Row } from "./aggregate";

/** The results as text: a table a workload and network, medians with the lowest and highest run. */
export function tables(measures: readonly Measure[]): string {
  const rows = aggregate(measures);
  const titles = [...new Set(rows.map(titleOf))];
  return titles
    .map((title) =>
      table(
        title,
        rows.filter((row) => titleOf(row) === title),
      ),
    )
    .join("\n");
}

function titleOf({ workload, network, point }: Row): string {
  const where = network === "loopback" ? "loopback" : "1 ms to Postgres and Redis";
  return `${workload}${point === undefined ? "" : ` ${point}`}, ${where}`;
}

function table(title: string, rows: Row[]): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const lines = [
    ["", ...names],
    ...rows.map(({ side, values }) => [side, ...names.map((name) => cell(values[name]))]),
  ];
  const widths = names.map((_, column) =>
    Math.max(...lines.map((line) => line[column + 1]?.length ?? 0)),
  );
  const body = lines.map(([side = "", ...cells]) =>
    [side.padEnd(14), ...cells.map((text, column) => text.padStart(widths[column] ?? 0))].join(
      "  ",
    ),
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
