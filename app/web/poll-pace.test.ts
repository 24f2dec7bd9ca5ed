import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EAGER_MS, nextPlaceMs, paceOfPages } from "./poll-pace";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const TICK_MS = 100;

/** Open pages that ask as they are told, for so long. @returns what they are told in each second */
function open(pages: number, seconds: number, pace = paceOfPages()): number[] {
  const due: number[] = [];
  for (let page = 0; page < pages; page++) {
    const tick = page % (5_000 / TICK_MS);
    due[tick] = (due[tick] ?? 0) + 1;
  }
  return Array.from({ length: seconds * 10 }, (_, tick) => {
    vi.advanceTimersByTime(TICK_MS);
    for (let page = due[tick] ?? 0; page > 0; page--) {
      pace.count();
      const next = tick + pace.nextMs() / TICK_MS;
      due[next] = (due[next] ?? 0) + 1;
    }
    return pace.nextMs();
  });
}

test("pages ask every five seconds while they are few", () => {
  expect(new Set(open(9_000, 20))).toEqual(new Set([5_000]));
});

test("when there are many, each asks less often, and stays with that", () => {
  expect(new Set(open(15_000, 60).slice(100))).toEqual(new Set([10_000]));
});

test("when most are gone, the rest ask as usual again", () => {
  const pace = paceOfPages();
  open(15_000, 20, pace);
  expect(open(100, 60, pace).at(-1)).toBe(5_000);
});

test("around an opening few pages ask every second, and many as seldom as they must", () => {
  expect(new Set(open(1_500, 20, paceOfPages(EAGER_MS)))).toEqual(new Set([1_000]));
  expect(new Set(open(9_000, 60, paceOfPages(EAGER_MS)).slice(200))).toEqual(new Set([5_000]));
  expect(new Set(open(15_000, 60, paceOfPages(EAGER_MS)).slice(200))).toEqual(new Set([10_000]));
});

test("people far back in line ask seldom, and less often still when very many wait", () => {
  expect([1, 100, 101, 1_000, 1_001, 90_000].map(nextPlaceMs)).toEqual([
    5_000, 5_000, 20_000, 20_000, 60_000, 60_000,
  ]);
  expect(new Set(open(3_000, 60, paceOfPages(5_000, 400)).slice(100))).toEqual(new Set([10_000]));
});
