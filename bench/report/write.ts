import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine";
import type { Measure } from "../measure";
import type { Options } from "../options";
import { aggregate } from "./aggregate";
import { judge } from "./judge";
import { plot } from "./plot";

/** Everything a run has to tell. */
export interface Results {
  options: Options;
  machine: Machine;
  startedAt: string;
  seconds: number;
  /** Workloads that did not end well, and why. */
  failures: { workload: string; network: string; why: string }[];
  measures: Measure[];
}

/** Writes `latest.json` and, where there is a curve, `latest.svg`. */
export function writeResults({ measures, ...about }: Results): void {
  const { out } = about.options;
  const results = { ...about, targets: judge(measures), medians: aggregate(measures), measures };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "latest.json"), `${JSON.stringify(results, null, 1)}\n`);
  const svg = plot(measures);
  if (svg) writeFileSync(join(out, "latest.svg"), svg);
  else rmSync(join(out, "latest.svg"), { force: true });
}

/** Keeps the latest results as those that the README tells of. */
export function saveReference({ out }: Options): void {
  for (const kind of ["json", "svg"]) {
    const latest = join(out, `latest.${kind}`);
    if (existsSync(latest)) copyFileSync(latest, join(out, `reference.${kind}`));
  }
}
