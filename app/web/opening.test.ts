import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { beforeOpening, endOf, isAroundOpening, notePageEnds } from "./opening";
import type { StandIn } from "./stand-in";

const NOW = Date.parse("2030-01-01T12:00:00Z");
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

beforeEach(() => {
  // Whatever the web host's own clock says.
  vi.useFakeTimers({ now: 0, toFake: ["performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const competition = (opensInMs: number | null, closesInMs = DAY_MS) => ({
  opensAt: opensInMs === null ? null : new Date(NOW + opensInMs),
  regDeadline: new Date(NOW + closesInMs),
  state: opensInMs !== null && opensInMs > 0 ? "opens" : "open",
  clock: { said: NOW, askedAt: performance.now(), heardAt: performance.now() },
});

test("pages ask often from a minute before an opening on, until half a minute after it", () => {
  const seen = [null, 2 * MINUTE_MS, 59_000, 1, -29_000, -31_000].map((ms) =>
    isAroundOpening(competition(ms)),
  );
  expect(seen).toEqual([false, false, true, true, true, false]);
});

test("what is said about a competition is true until it opens, then until it closes", () => {
  const from = performance.now();
  const answered = { said: NOW, askedAt: from, heardAt: from + 400 };
  expect(endOf({ ...competition(5_000), clock: answered })).toBe(from + 4_999);
  expect(endOf(competition(-5_000))).toBe(from + DAY_MS - 1);
  expect(endOf(competition(null))).toBe(from + DAY_MS - 1);
  expect(endOf(competition(-DAY_MS, -5_000))).toBeUndefined();
});

test("a page is true until the first of its competitions opens or closes", () => {
  const standIn = { until: undefined } as StandIn;
  notePageEnds(standIn, [competition(null), competition(7_000), competition(9_000)]);
  notePageEnds(standIn, [competition(-DAY_MS, -5_000)]);
  expect(standIn.until).toBe(performance.now() + 6_999);
});

describe("before an opening", () => {
  test("each visitor of a kept page gets their own moment", () => {
    const made: (() => string)[] = [];
    const each = (make: () => string) => `mark ${made.push(make)}`;
    const before = beforeOpening(competition(5 * MINUTE_MS), { each } as StandIn);
    expect(before).toEqual({
      made: { serverTime: "mark 1", inMs: 5 * MINUTE_MS },
      reloadIn: "mark 2",
    });
    vi.advanceTimersByTime(90_000);
    expect(made[0]?.()).toBe(String(NOW + 90_000));
    expect(Number(made[1]?.())).toBeGreaterThanOrEqual(210);
    expect(Number(made[1]?.())).toBeLessThanOrEqual(212);
  });

  test.each([
    [10 * MINUTE_MS, 600, 602],
    [61_500, 62, 63],
    [4_000, 5, 6],
    [1, 5, 5],
  ])("a page of %d ms before loads itself again after it: in %d to %d s", (inMs, least, most) => {
    const seen = Array.from({ length: 50 }, () =>
      Number(beforeOpening(competition(inMs), undefined).reloadIn),
    );
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...seen)).toBeLessThanOrEqual(most);
  });

  test("a page of more than ten minutes before does not, nor one from after it", () => {
    expect(beforeOpening(competition(10 * MINUTE_MS + 1), undefined).reloadIn).toBeUndefined();
    expect(beforeOpening(competition(-1), undefined)).toEqual({ made: null });
  });
});
