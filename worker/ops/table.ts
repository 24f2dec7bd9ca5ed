import CliTable from "cli-table3";

const NO_LINES = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((side) =>
    ["", "-mid", "-left", "-right"].map((corner) => [side + corner, ""]),
  ),
);

/**
 * Columns of text for people, each as wide as it needs to be.
 *
 * @param figures columns after the first hold figures and are aligned right
 */
export function table(
  head: string[],
  rows: readonly string[][],
  { figures = false }: { figures?: boolean } = {},
): string {
  const columns = new CliTable({
    chars: { ...NO_LINES, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, column) => (figures && column > 0 ? "right" : "left")),
  });
  columns.push(head, ...rows);
  return columns
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
