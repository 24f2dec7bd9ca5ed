import { expect, test } from "vitest";
import { drive, valuesOfRush } from "./trace.ts";

test("a rush counts seats until the last one was given, and refusals from then on", () => {
  const seat = (at: number) => ({ ending: "registered" as const, startedAtMs: 0, endedAtMs: at });
  const refusal = (from: number, to: number) => ({
    ending: "full" as const,
    startedAtMs: from,
    endedAtMs: to,
  });
  const values = valuesOfRush({
    startedAtMs: 0,
    endedAtMs: 200,
    requests: [
      ...Array.from({ length: 20 }, (_, index) => seat((index + 1) * 5)),
      // Asked while there were seats: not what a refusal costs.
      refusal(90, 101),
      ...Array.from({ length: 10 }, () => refusal(110, 190)),
    ],
  });
  expect(values).toMatchObject({ seatsPerSecond: 200, refusalsPerSecond: 100, seats: 20 });
  expect(values.p99Ms).toBe(100);
});

test("at most so many requests are under way", async () => {
  let underWay = 0;
  let most = 0;
  const { requests } = await drive({
    items: Array.from({ length: 50 }),
    atOnce: 7,
    ask: async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return "registered";
    },
  });
  expect(most).toBe(7);
  expect(requests).toHaveLength(50);
});
