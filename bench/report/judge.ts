import type { Measure, Network } from "../measure.ts";
import { type Summary, summarize } from "../statistics.ts";
import { sidesOf, type Target } from "./targets.ts";

/** All rounds of one side in one workload. */
export interface Row {
  workload: string;
  network: Network;
  point?: number;
  side: string;
  values: Record<string, Summary>;
}

/** One row a workload, network, point and side, in the order in which they first appeared. */
export function aggregate(measures: readonly Measure[]): Row[] {
  const groups = new Map<string, Measure[]>();
  for (const measure of measures) {
    const { workload, network, point, side } = measure;
    const name = [workload, network, point, side].join(" ");
    const group = groups.get(name);
    if (group) group.push(measure);
    else groups.set(name, [measure]);
  }
  return [...groups.values()].map((group) => {
    const { workload, network, point, side } = group[0] as Measure;
    const names = [...new Set(group.flatMap(({ values }) => Object.keys(values)))];
    const values = Object.fromEntries(
      names.map((name) => [name, summarize(group.map((one) => one.values[name] ?? Number.NaN))]),
    );
    return { workload, network, point, side, values };
  });
}

/** A target, and what was reached. */
export interface Verdict {
  says: string;
  workload: string;
  network: string;
  wanted: string;
  /** Whether it says something of this machine, too. */
  isAbsolute: boolean;
  reached: Summary;
  verdict: "met" | "missed" | "not measured";
}

/**
 * Judges the targets by the medians of the rounds' ratios. The sides of a round ran one after the
 * other, so what slowed the machine down meanwhile slowed both.
 */
export function judge(measures: readonly Measure[], targets: readonly Target[]): Verdict[] {
  return targets.map((target) => {
    const reached = summarize(ratios(target, measures));
    const { says, workload, network = "loopback" } = target;
    return {
      says,
      workload,
      network,
      wanted: wantedOf(target),
      isAbsolute: target.unit !== undefined,
      reached,
      verdict: verdictOf(target, reached),
    };
  });
}

function ratios(target: Target, measures: readonly Measure[]): number[] {
  const { own, others } = sidesOf(target, measures);
  const values = (of: readonly Measure[]) =>
    new Map(of.map(({ round, values }) => [round, values[target.value] ?? Number.NaN]));
  if (!others) return [...values(own).values()];
  const compared = values(others);
  return [...values(own)].map(([round, value]) => value / (compared.get(round) ?? Number.NaN));
}

function wantedOf({ atLeast, atMost, unit }: Target): string {
  const bound = atLeast === undefined ? ["≤", atMost] : ["≥", atLeast];
  return [...bound, unit].filter((part) => part !== undefined).join(" ");
}

function verdictOf({ atLeast, atMost }: Target, { median, runs }: Summary): Verdict["verdict"] {
  if (runs === 0) return "not measured";
  const isMet = median >= (atLeast ?? -Infinity) && median <= (atMost ?? Infinity);
  return isMet ? "met" : "missed";
}
