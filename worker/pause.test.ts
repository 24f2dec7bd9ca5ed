import { expect, test } from "vitest";
import { pauseWhileInTrouble } from "./pause";

test("a server in trouble is asked by one at a time, after 2, 4, 8 seconds, up to a minute", () => {
  let now = 0;
  const pause = pauseWhileInTrouble(() => now);
  expect(pause.most()).toBe(Number.POSITIVE_INFINITY);
  expect([pause.trouble(), pause.trouble()]).toEqual(["begins", "lasts"]);
  const waits: number[] = [];
  for (let times = 0; times < 7; times++) {
    const from = now;
    while (pause.most() === 0) now += 1_000;
    expect(pause.most()).toBe(1);
    waits.push((now - from) / 1_000);
    expect(pause.trouble()).toBe("lasts");
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60]);
  expect([pause.fine(), pause.fine()]).toEqual(["ends", "fine"]);
  expect(pause.most()).toBe(Number.POSITIVE_INFINITY);
  expect(pause.trouble()).toBe("begins");
});
