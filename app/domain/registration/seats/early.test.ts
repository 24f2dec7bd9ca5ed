import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetEarly, readEarly, unlessEarly } from "./early";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const REDIS_MS = Date.parse("2030-01-01T12:00:00Z");

/** Redis, which knows when its competition opens, and is asked through the memory. */
function world({ opensInMs = 5_000, isForAll = true } = {}) {
  const competitionId = randomUUID();
  const begun = performance.now();
  let opens = REDIS_MS + opensInMs;
  const decide = vi.fn(async () => {
    const now = REDIS_MS + performance.now() - begun;
    if (now >= opens) return { status: "reserved" as const };
    return readEarly([`${opens}`, `${now}`, isForAll ? "1" : "0"]);
  });
  const ask = unlessEarly<{ competitionId: string }, { status: "reserved" }>(decide);
  return {
    decide,
    competitionId,
    open: () => {
      opens = 0;
    },
    ask: () => ask({ competitionId }),
  };
}

const early = (inMs: number, opens = 5_000) => ({
  status: "not_open_yet",
  opensAt: new Date(REDIS_MS + opens),
  inMs,
});

test("somebody who comes too early is told when to come, and Redis is asked once a second", async () => {
  const { ask, decide } = world();
  expect(await ask()).toEqual(early(5_000));
  vi.advanceTimersByTime(999);
  expect(await ask()).toEqual(early(4_001));
  expect(decide).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2);
  expect(await ask()).toEqual(early(3_999));
  expect(decide).toHaveBeenCalledTimes(2);
});

test("once the opening has come, nobody is refused by what was said before it", async () => {
  const { ask } = world({ opensInMs: 400 });
  expect(await ask()).toEqual(early(400, 400));
  vi.advanceTimersByTime(399);
  expect(await ask()).toEqual(early(1, 400));
  vi.advanceTimersByTime(1);
  expect(await ask()).toEqual({ status: "reserved" });
});

test("where somebody has a seat, Redis is asked about everybody: they may repeat the request that gave it to them", async () => {
  const { ask, decide } = world({ isForAll: false });
  await ask();
  expect(await ask()).toEqual(early(5_000));
  expect(decide).toHaveBeenCalledTimes(2);
});

test("what is known is forgotten when the opening is moved here", async () => {
  const { ask, open, competitionId } = world();
  await ask();
  open();
  expect(await ask()).toEqual(early(5_000));
  forgetEarly(competitionId);
  expect(await ask()).toEqual({ status: "reserved" });
});
