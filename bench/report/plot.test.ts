import { expect, test } from "vitest";
import type { Measure } from "../measure.ts";
import { plot } from "./plot.ts";

const measure = (
  side: string,
  point: number,
  seatsPerSecond: number,
  p99Ms: number,
  workload = "curve",
): Measure => ({
  workload,
  network: "loopback",
  side,
  point,
  round: 1,
  values: { seatsPerSecond, p99Ms },
});

test("the plot shows every side, and what its axes are", () => {
  const svg = plot([
    measure("product", 10, 1_000, 10),
    measure("product", 1_000, 10_000, 100),
    measure("seed", 10, 100, 100),
    measure("seed", 1_000, Number.NaN, 1_000),
  ]);
  for (const text of ["product", "seed", "people at once", "Seats per second", "p99", "10,000"]) {
    expect(svg).toContain(`${text}`);
  }
  expect(svg).not.toContain("NaN");
  // From 100 to 10,000 seats a second: the product's line ends in the upper right corner.
  expect(svg).toContain("M70 225L460 90");
});

test("a curve over HTTP stands below the other, or alone", () => {
  const system = [50, 1_000].map((point) => measure("product", point, 4_000, 90, "system-curve"));
  const both = plot([measure("product", 10, 1_000, 10), ...system]);
  expect(both).toContain('viewBox="0 0 960 860"');
  expect(both?.split("people at once").length).toBe(3);
  expect(both?.indexOf("connections at once")).toBeGreaterThan(both?.indexOf("(0 430)") ?? -1);
  expect(plot(system)).toContain('viewBox="0 0 960 430"');
});

test("without a curve there is none", () => {
  expect(plot([{ ...measure("product", 10, 1, 1), workload: "hot" }])).toBeNull();
});
