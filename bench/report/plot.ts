import type { Measure } from "../measure.ts";
import type { Summary } from "../statistics.ts";
import { aggregate, type Row } from "./judge.ts";

/** A value of all sides, against how many came at once. */
interface Panel {
  title: string;
  value: string;
  left: number;
}

const PANELS: Panel[] = [
  { title: "Seats per second (more is better)", value: "seatsPerSecond", left: 70 },
  { title: "p99 of a registration, ms (less is better)", value: "p99Ms", left: 545 },
];

const WIDTH = 960;
const HEIGHT = 430;
const PLOT = { top: 90, width: 390, height: 270 };

/** The workloads that have a curve, and what grows in it. */
const CURVES = {
  curve: "people at once",
  "system-curve": "connections at once, to web, worker and both servers over HTTP",
};

/** Each side has its own dashes, so that the lines differ in grey too. */
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "14 4"];

/**
 * The curves' results as an SVG, one below the other, all axes logarithmic: medians as lines, the
 * lowest and the highest run as bars. It follows the reader's choice of light or dark.
 *
 * @returns null when no curve was measured
 */
export function plot(measures: readonly Measure[]): string | null {
  const curves = Object.entries(CURVES)
    .map(([name, across]) => ({ across, rows: rowsOf(measures, name) }))
    .filter(({ rows }) => rows.length > 0);
  if (curves.length === 0) return null;
  const height = HEIGHT * curves.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13">`,
    "<title>Seats per second and p99 of a registration, against how many come at once</title>",
    STYLE,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...curves.flatMap((curve, index) => [
      `<g transform="translate(0 ${index * HEIGHT})">`,
      ...curveOf(curve),
      "</g>",
    ]),
    "</svg>\n",
  ].join("\n");
}

function rowsOf(measures: readonly Measure[], curve: string): Row[] {
  return aggregate(measures.filter(({ workload }) => workload === curve));
}

function curveOf({ rows, across }: { rows: Row[]; across: string }): string[] {
  const sides = [...new Set(rows.map(({ side }) => side))];
  const panels = PANELS.map((panel) => {
    const lines = sides.map((side) =>
      rows
        .filter((row) => row.side === side)
        .map(({ point = 1, values }) => ({ point, summary: values[panel.value] }))
        .filter((spot): spot is Spot => (spot.summary?.runs ?? 0) > 0)
        .sort((a, b) => a.point - b.point),
    );
    return panelOf(panel, { lines, across });
  });
  return [...sides.map(legendOf), ...panels];
}

interface Spot {
  point: number;
  summary: Summary;
}

const STYLE = `<style>
.paper { fill: #fff } text { fill: #1f2328 } .grid { stroke: #d8dee4 }
.side { fill: none; stroke-width: 2 } .spread { stroke-width: 1; opacity: .6 }
.s0 { stroke: #0550ae } .s1 { stroke: #cf222e } .s2 { stroke: #9a6700 } .s3 { stroke: #1a7f37 } .s4 { stroke: #8250df }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }
.s0 { stroke: #79c0ff } .s1 { stroke: #ff7b72 } .s2 { stroke: #e3b341 } .s3 { stroke: #56d364 } .s4 { stroke: #d2a8ff }
}
</style>`;

function legendOf(side: string, index: number): string {
  const left = 70 + index * 170;
  return `<path class="side s${index}" stroke-dasharray="${DASHES[index]}" d="M${left} 26h34"/><text x="${left + 42}" y="30">${side}</text>`;
}

function panelOf(
  { title, left }: Panel,
  { lines, across: words }: { lines: Spot[][]; across: string },
): string {
  const spots = lines.flat();
  const across = scale(
    spots.map(({ point }) => point),
    { from: left, to: left + PLOT.width },
  );
  const up = scale(
    spots.flatMap(({ summary }) => [summary.lowest, summary.highest]),
    { from: PLOT.top + PLOT.height, to: PLOT.top },
  );
  const bottom = PLOT.top + PLOT.height;
  const points = [...new Set(spots.map(({ point }) => point))];
  return [
    `<text x="${left}" y="${PLOT.top - 22}" font-weight="600">${title}</text>`,
    ...up.decades.map(
      (value) =>
        `<path class="grid" d="M${left} ${up.at(value)}h${PLOT.width}"/><text x="${left - 8}" y="${up.at(value) + 4}" text-anchor="end">${value.toLocaleString("en")}</text>`,
    ),
    ...points.map(
      (point) =>
        `<path class="grid" d="M${across.at(point)} ${PLOT.top}V${bottom}"/><text x="${across.at(point)}" y="${bottom + 20}" text-anchor="middle">${point.toLocaleString("en")}</text>`,
    ),
    `<text x="${left + PLOT.width / 2}" y="${bottom + 44}" text-anchor="middle">${words}</text>`,
    ...lines.map((line, index) => lineOf(line, index, { across, up })),
  ].join("\n");
}

interface Scale {
  at: (value: number) => number;
  /** The powers of ten that it shows. */
  decades: number[];
}

function lineOf(line: Spot[], index: number, { across, up }: { across: Scale; up: Scale }): string {
  const path = line.map(({ point, summary }) => `${across.at(point)} ${up.at(summary.median)}`);
  const spreads = line.map(
    ({ point, summary }) =>
      `M${across.at(point)} ${up.at(summary.lowest)}V${up.at(summary.highest)}`,
  );
  return `<path class="spread s${index}" d="${spreads.join("")}"/><path class="side s${index}" stroke-dasharray="${DASHES[index]}" d="M${path.join("L")}"/>`;
}

/** A logarithmic scale from the power of ten below all values to the one above. */
function scale(values: number[], { from, to }: { from: number; to: number }): Scale {
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))));
  const share = (value: number) => (Math.log10(value) - lowest) / (highest - lowest);
  return {
    at: (value) => Math.round((from + (to - from) * share(value)) * 10) / 10,
    decades: Array.from({ length: highest - lowest + 1 }, (_, index) => 10 ** (lowest + index)),
  };
}
