import type { Measure, Network } from "../measure";
import { type Summary, summarize } from "../statistics";

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

/** How a value of one side compares with the same of another, round by round. */
export interface Comparison {
  workload: string;
  network: Network;
  point?: number;
  value: string;
  side: string;
  over: string;
}

/**
 * The ratios of the rounds in which both were measured. The sides of a round ran one after the
 * other, so what slowed the machine down meanwhile slowed both.
 */
export function compare(measures: readonly Measure[], wanted: Comparison): Summary {
  const { workload, network, point, value } = wanted;
  const of = (side: string) =>
    new Map(
      measures
        .filter((one) => one.workload === workload && one.network === network)
        .filter((one) => one.point === point && one.side === side)
        .map((one) => [one.round, one.values[value] ?? Number.NaN]),
    );
  const over = of(wanted.over);
  const ratios = [...of(wanted.side)].map(
    ([round, figure]) => figure / (over.get(round) ?? Number.NaN),
  );
  return summarize(ratios);
}
