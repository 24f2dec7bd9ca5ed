import { describe, expect, test } from "vitest";
import type { Measure } from "../measure.ts";
import { judge } from "./judge.ts";
import type { Target } from "./targets.ts";

const measure = (side: string, round: number, perSecond: number, point?: number): Measure => ({
  workload: "w",
  network: "loopback",
  side,
  round,
  point,
  values: { perSecond },
});

const target = (more: Partial<Target>): Target => ({
  says: "faster",
  workload: "w",
  value: "perSecond",
  side: "product",
  over: { side: "seed" },
  ...more,
});

describe("a target", () => {
  const measures = [
    ...[100, 300, 900].map((value, index) => measure("product", index + 1, value)),
    // Three times as slow in round 3, as the product was: the machine had something else to do.
    ...[10, 30, 180].map((value, index) => measure("seed", index + 1, value)),
  ];

  test("is judged by the median of the ratios within rounds", () => {
    const [verdict] = judge(measures, [target({ atLeast: 10 })]);
    expect(verdict?.reached).toEqual({ median: 10, lowest: 5, highest: 10, runs: 3 });
    expect(verdict).toMatchObject({ wanted: "≥ 10", verdict: "met" });
    expect(judge(measures, [target({ atLeast: 10.1 })])[0]?.verdict).toBe("missed");
    expect(judge(measures, [target({ atMost: 9.9 })])[0]?.verdict).toBe("missed");
  });

  test("with a unit is about this machine, too", () => {
    const [ratio, absolute] = judge(measures, [
      target({ atLeast: 8 }),
      target({ over: "nothing", atMost: 200, unit: "µs" }),
    ]);
    expect(ratio).toMatchObject({ wanted: "≥ 8", isAbsolute: false });
    expect(absolute).toMatchObject({ wanted: "≤ 200 µs", isAbsolute: true, verdict: "missed" });
  });

  test("can be about the value itself", () => {
    const [verdict] = judge(measures, [target({ over: "nothing", atMost: 300 })]);
    expect(verdict).toMatchObject({ reached: { median: 300 }, verdict: "met" });
  });

  test("about flatness compares the most with the fewest", () => {
    const varied = [10, 100, 1_000].map((point) => measure("product", 1, point + 10, point));
    const [verdict] = judge(varied, [target({ over: "fewest", atMost: 1.3 })]);
    expect(verdict).toMatchObject({ reached: { median: 1_010 / 20 }, verdict: "missed" });
  });

  test("of which nothing was measured is neither met nor missed", () => {
    const other = judge(measures, [target({ network: "delayed", atLeast: 1 })]);
    const alone = judge([measure("product", 1, 5)], [target({ atLeast: 1 })]);
    expect([...other, ...alone].map(({ verdict }) => verdict)).toEqual([
      "not measured",
      "not measured",
    ]);
  });
});
