import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Patience } from "./patience";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

test("patience ends at its limit once enough was tried, and later in any case", () => {
  const patience = new Patience(30_000);
  vi.advanceTimersByTime(30_000);
  expect(patience.isOver(10)).toBe(false);
  vi.advanceTimersByTime(1);
  expect(patience.isOver(10)).toBe(true);
  expect(patience.isOver(9)).toBe(false);
  vi.advanceTimersByTime(90_000);
  expect(patience.isOver(0)).toBe(true);
  expect(patience.tookMs).toBe(120_001);
  patience.leaveOut(1);
  expect(patience.isOver(0)).toBe(false);
  patience.renew();
  vi.advanceTimersByTime(30_000);
  expect(patience.isOver(10)).toBe(false);
  expect(patience.tookMs).toBe(150_001);
});
