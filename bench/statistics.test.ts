import { describe, expect, test } from "vitest";
import { median, percentile, summarize } from "./statistics.ts";

describe("statistics", () => {
  test("the median is the middle, or between the two middles", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test("a percentile is a value that occurred", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test("runs without a number do not count", () => {
    expect(summarize([2, Number.NaN, 6])).toEqual({ median: 4, lowest: 2, highest: 6, runs: 2 });
  });
});
