import type { Measure } from "../measure";
import { type Summary, summarize } from "../statistics";
import { sidesOf, TARGETS, type Target } from "./targets";

/** A target, and what was reached. */
export interface Verdict {
  says: string;
  workload: string;
  network: string;
  wanted: string;
  reached: Summary;
  verdict: "met" | "missed" | "not measured";
}

/**
 * Judges the targets by the medians of the rounds' ratios. The sides of a round ran one after the
 * other, so what slowed the machine down meanwhile slowed both.
 */
export function judge(measures: readonly Measure[], targets = TARGETS): Verdict[] {
  return targets.map((target) => {
    const reached = summarize(ratios(target, measures));
    const { says, workload, network = "loopback" } = target;
    return {
      says,
      workload,
      network,
      wanted: wantedOf(target),
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

function wantedOf({ atLeast, atMost }: Target): string {
  return atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
}

function verdictOf({ atLeast, atMost }: Target, { median, runs }: Summary): Verdict["verdict"] {
  if (runs === 0) return "not measured";
  const isMet = median >= (atLeast ?? -Infinity) && median <= (atMost ?? Infinity);
  return isMet ? "met" : "missed";
}
