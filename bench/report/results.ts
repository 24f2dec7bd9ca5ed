import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Options } from "../command.ts";
import type { Measure } from "../measure.ts";
import { aggregate, judge } from "./judge.ts";
import { plot } from "./plot.ts";
import type { Target } from "./targets.ts";

/** Where a run took place, as far as it explains its figures. */
interface Machine {
  processor: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  /** What was measured; ends in "+" when there were changes besides. */
  commit: string;
  /** How busy the machine was before: processes that ran or wanted to, over the last minute. */
  loadBefore: number;
}

/** Everything a run has to say. */
export interface Results {
  options: Partial<Options>;
  machine: Machine;
  startedAt: string;
  seconds: number;
  /** Workloads that did not end well, and why. */
  failures: { workload: string; network: string; why: string }[];
  measures: Measure[];
}

/** The results of a run that begins now. */
export function beginResults(options: Partial<Options>): Results {
  const all = cpus();
  return {
    options,
    machine: {
      processor: all[0]?.model ?? "unknown",
      cores: all.length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()}`,
      node: process.version,
      commit: findCommit(),
      loadBefore: loadavg()[0] ?? Number.NaN,
    },
    startedAt: new Date().toISOString(),
    seconds: 0,
    failures: [],
    measures: [],
  };
}

/** Writes a run down as `NAME.json` and, where there is a curve, `NAME.svg`. */
export function writeResults(
  results: Results,
  { name, folder, targets }: { name: string; folder: string; targets: readonly Target[] },
): void {
  const { measures, ...about } = results;
  const all = {
    ...about,
    targets: judge(measures, targets),
    medians: aggregate(measures),
    measures,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), toJson(all));
  const svg = plot(measures);
  if (svg) writeFileSync(join(folder, `${name}.svg`), svg);
  else rmSync(join(folder, `${name}.svg`), { force: true });
}

/** JSON with each entry of a list on a line of its own, and figures as exact as they can be. */
export function toJson(results: object): string {
  const compact = (value: unknown) =>
    JSON.stringify(value, (_, one) => (typeof one === "number" ? Number(one.toPrecision(5)) : one));
  const fields = Object.entries(results).map(([name, value]) => {
    const isList = Array.isArray(value) && value.length > 0;
    return `${JSON.stringify(name)}: ${isList ? `[\n${value.map(compact).join(",\n")}\n]` : compact(value)}`;
  });
  return `{\n${fields.join(",\n")}\n}\n`;
}

function findCommit(): string {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
    const changed = git("status", "--porcelain", "--untracked-files=no");
    return `${git("rev-parse", "--short", "HEAD")}${changed ? "+" : ""}`;
  } catch {
    return "unknown";
  }
}
