import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { existing, forget } from "~/platform/singleton";
import { forgetSeats, KEPT_MS, keepSeats, type SeatsAnswer } from "./kept-seats";

/** What is true at the moment, by competition; each reading takes until it is let go. */
let truth: Map<string, number>;
let readings: { id: string; finish: () => void; fail: () => void }[];
const find = () =>
  keepSeats((id) => {
    // As a database would: it tells what was true when it was asked.
    const seen = truth.get(id);
    return new Promise<SeatsAnswer | null>((resolve, reject) => {
      const finish = () => resolve(seen === undefined ? null : { body: `${seen}`, etag: "" });
      readings.push({ id, finish, fail: () => reject(new Error("away")) });
    });
  });

const A = randomUUID();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  forget("kept-seats");
  truth = new Map([[A, 1]]);
  readings = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
/** Resolves when so many readings were begun in all. */
async function begun(count: number) {
  for (let turns = 0; readings.length < count && turns < 100; turns++) await nextTurn();
  expect(readings).toHaveLength(count);
}
const bodyOf = async (answer: Promise<SeatsAnswer | null>) => (await answer)?.body;

test("nobody gets seats that are more than a quarter of a second older than their question", async () => {
  const ask = find();
  const first = ask(A);
  await begun(1);
  // The age counts from when a reading began, however long it took.
  vi.advanceTimersByTime(100);
  readings[0]?.finish();
  expect(await bodyOf(first)).toBe("1");
  truth.set(A, 2);
  vi.advanceTimersByTime(KEPT_MS - 100);
  expect(await bodyOf(ask(A))).toBe("1");
  vi.advanceTimersByTime(1);
  const late = ask(A);
  await begun(2);
  readings[1]?.finish();
  expect(await bodyOf(late)).toBe("2");
});

test("nobody gets seats from before a change by itself, such as an opening", async () => {
  const ask = keepSeats(async () => {
    readings.push({ id: A, finish: () => {}, fail: () => {} });
    return { body: `reading ${readings.length}`, etag: "", until: performance.now() + 100 };
  });
  expect(await bodyOf(ask(A))).toBe("reading 1");
  vi.advanceTimersByTime(99);
  expect(await bodyOf(ask(A))).toBe("reading 1");
  vi.advanceTimersByTime(1);
  expect(await bodyOf(ask(A))).toBe("reading 2");
});

test("a question that comes while a reading runs gets the next one, together with all others", async () => {
  const ask = find();
  const first = ask(A);
  await begun(1);
  truth.set(A, 2);
  const others = [ask(A), ask(A), ask(A)];
  // Long enough for another reading to begin, if one were to.
  for (let turns = 0; turns < 5; turns++) await nextTurn();
  expect(readings).toHaveLength(1);
  readings[0]?.finish();
  expect(await bodyOf(first)).toBe("1");
  await begun(2);
  readings[1]?.finish();
  expect(await Promise.all(others.map(bodyOf))).toEqual(["2", "2", "2"]);
});

test("somebody who changed something is shown it, even if a reading had begun before", async () => {
  const ask = find();
  const kept = ask(A);
  await begun(1);
  readings[0]?.finish();
  await kept;
  truth.set(A, 2);
  forgetSeats(A);
  const running = ask(A);
  await begun(2);
  truth.set(A, 3);
  forgetSeats(A);
  readings[1]?.finish();
  expect(await bodyOf(running)).toBe("2");
  const afterwards = ask(A);
  await begun(3);
  readings[2]?.finish();
  expect(await bodyOf(afterwards)).toBe("3");
});

test("neither a failure is kept, nor the absence of a competition", async () => {
  const ask = find();
  const failed = ask(A);
  await begun(1);
  readings[0]?.fail();
  await expect(failed).rejects.toThrow("away");
  truth.delete(A);
  const none = ask(A);
  await begun(2);
  readings[1]?.finish();
  expect(await none).toBeNull();
  truth.set(A, 1);
  const found = ask(A);
  await begun(3);
  readings[2]?.finish();
  expect(await bodyOf(found)).toBe("1");
  // Anybody can ask for competitions that are not there: nothing of that stays.
  expect(existing<{ readings: Map<string, unknown> }>("kept-seats")?.readings.size).toBe(0);
});

test("a thousand competitions are kept, and the least recently asked for makes room", async () => {
  const ask = keepSeats(async (id) => {
    readings.push({ id, finish: () => {}, fail: () => {} });
    return { body: id, etag: "" };
  });
  const ids = Array.from({ length: 1_001 }, () => randomUUID());
  await Promise.all(ids.map(ask));
  const before = readings.length;
  await Promise.all(ids.slice(1).map(ask));
  expect(readings).toHaveLength(before);
  await ask(ids[0] ?? "");
  expect(readings).toHaveLength(before + 1);
});
