import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { countDown, type HeardTime, laterOf, serverNow, shortTime } from "./opening-clock";

const SERVER_MS = Date.parse("2030-01-01T11:59:50Z");
const OPENS_MS = Date.parse("2030-01-01T12:00:00Z");
const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A page that came with the server's time, on a machine whose clock differs from it. */
function open({ clockErrorMs = 0, opensAt = OPENS_MS } = {}) {
  vi.useFakeTimers({ now: SERVER_MS + clockErrorMs });
  const heard: HeardTime = { said: SERVER_MS, heardAt: performance.now() };
  const shown: number[] = [];
  const stop = countDown({
    opensAt,
    now: () => serverNow(heard),
    show: (leftMs) => shown.push(leftMs),
  });
  return { shown, stop };
}

describe.each([
  ["is right", 0],
  ["is an hour fast", HOUR_MS],
  ["is an hour slow", -HOUR_MS],
  ["is set meanwhile", 1],
])("on a machine whose clock %s", (how, clockErrorMs) => {
  test("the countdown ends at the opening by the server's clock, at nought, and is over", () => {
    const { shown } = open({ clockErrorMs });
    expect(shown).toEqual([10_000]);
    vi.advanceTimersByTime(4_000);
    if (how === "is set meanwhile") vi.setSystemTime(SERVER_MS - 24 * HOUR_MS);
    vi.advanceTimersByTime(5_999);
    expect(shown.at(-1)).toBe(1_000);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((seconds) => seconds * 1_000));
    vi.advanceTimersByTime(HOUR_MS);
    expect(shown).toHaveLength(11);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the countdown", () => {
  test("is at nought at once where the page came late", () => {
    const { shown } = open({ opensAt: SERVER_MS - 5_000 });
    expect(shown).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("changes where a second ends, and seldom while the opening is far off", () => {
    const { shown } = open({ opensAt: SERVER_MS + HOUR_MS + 45_250 });
    vi.advanceTimersByTime(60_000);
    expect(shown.slice(0, 3)).toEqual([HOUR_MS + 45_250, HOUR_MS + 15_250, HOUR_MS - 14_750]);
    vi.advanceTimersByTime(1_000);
    expect(shown.slice(3)).toEqual([HOUR_MS - 15_000]);
  });

  test("stops when the page is left", () => {
    const { shown, stop } = open();
    stop();
    vi.advanceTimersByTime(HOUR_MS);
    expect(shown).toEqual([10_000]);
  });
});

describe("of two times that were heard", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: SERVER_MS });
  });

  test("the later one counts: the other came out of a cache, or this machine slept", () => {
    const first = { said: SERVER_MS, heardAt: performance.now() };
    vi.advanceTimersByTime(1_000);
    const cached = { said: SERVER_MS + 500, heardAt: performance.now() };
    const afterSleep = { said: SERVER_MS + HOUR_MS, heardAt: performance.now() };
    expect(laterOf(null, first)).toBe(first);
    expect(laterOf(first, cached)).toBe(first);
    expect(laterOf(first, afterSleep)).toBe(afterSleep);
  });
});

test("the time that is left is told in minutes and seconds, rounded up, within an hour", () => {
  expect(shortTime(HOUR_MS + 1)).toBeNull();
  expect(shortTime(HOUR_MS)).toBe("60 min 00 s");
  expect(shortTime(245_000)).toBe("4 min 05 s");
  expect(shortTime(60_000)).toBe("1 min 00 s");
  expect(shortTime(59_999)).toBe("1 min 00 s");
  expect(shortTime(1)).toBe("1 s");
});
