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
