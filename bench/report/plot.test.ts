import { expect, test } from "vitest";
import type { Measure } from "../measure.ts";
import { plot } from "./plot.ts";

const measure = (side: string, point: number, seatsPerSecond: number, p99Ms: number): Measure => ({
  workload: "curve",
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

test("without a curve there is none", () => {
  expect(plot([{ ...measure("product", 10, 1, 1), workload: "hot" }])).toBeNull();
});
