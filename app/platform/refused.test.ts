import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetRefusal, holdUpRefused, noteRefusal, refusedLately } from "./refused";
import { forget } from "./singleton";

beforeEach(() => {
  vi.useFakeTimers();
  forget("refusals");
});
afterEach(() => vi.useRealTimers());

/** So many who were refused under a name. @returns how many have been told so far */
function crowd(name: string, size: number): () => number {
  let told = 0;
  for (let index = 0; index < size; index++) void holdUpRefused(name).then(() => told++);
  return () => told;
}

test("a refusal stands for a second, for requests that ask for as much or more", () => {
  noteRefusal("a", { much: 20, waitMs: 60_000 });
  noteRefusal("a", { much: 10, waitMs: 60_000 });
  vi.advanceTimersByTime(900);
  expect(refusedLately("a", 10)).toBeCloseTo(59_100);
  expect(refusedLately("a", 50)).toBeCloseTo(59_100);
  expect(refusedLately("a", 9)).toBe(0);
  expect(refusedLately("b", 10)).toBe(0);
  vi.advanceTimersByTime(100);
  expect(refusedLately("a", 10)).toBe(0);
});

test("it ends as soon as there is enough again, or something is given back", () => {
  noteRefusal("a", { much: 1, waitMs: 300 });
  vi.advanceTimersByTime(300);
  expect(refusedLately("a", 1)).toBe(0);
  noteRefusal("a", { much: 1, waitMs: 60_000 });
  forgetRefusal("a");
  expect(refusedLately("a", 1)).toBe(0);
});

test("fifty are told at once, the others at the end of the second", async () => {
  noteRefusal("a", { much: 1, waitMs: 60_000 });
  const told = crowd("a", 60);
  await vi.advanceTimersByTimeAsync(999);
  expect(told()).toBe(50);
  await vi.advanceTimersByTimeAsync(1);
  expect(told()).toBe(60);
  // The next second begins anew.
  noteRefusal("a", { much: 1, waitMs: 60_000 });
  const later = crowd("a", 50);
  await vi.advanceTimersByTimeAsync(0);
  expect(later()).toBe(50);
});

test("at most 500 wait for that, whatever they ask for", async () => {
  for (const name of ["a", "b"]) noteRefusal(name, { much: 1, waitMs: 60_000 });
  const tolds = ["a", "b"].map((name) => crowd(name, 400));
  const told = () => tolds.reduce((sum, count) => sum + count(), 0);
  await vi.advanceTimersByTimeAsync(0);
  expect(told()).toBe(300);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told()).toBe(800);
});

test("a process remembers a bounded number of refusals", () => {
  for (let index = 0; index <= 2_000; index++) {
    noteRefusal(String(index), { much: 1, waitMs: 60_000 });
  }
  expect(refusedLately("0", 1)).toBe(0);
  expect(refusedLately("1", 1)).toBeGreaterThan(0);
  expect(refusedLately("2000", 1)).toBeGreaterThan(0);
});
