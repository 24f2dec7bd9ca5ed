import { expect, test } from "vitest";
import { semaphore } from "./semaphore";

test("runs some, queues some, refuses the rest, and moves up when one leaves", async () => {
  const within = semaphore({ most: 2, queue: 1, patienceMs: 60_000 });
  const finish: (() => void)[] = [];
  const work = () => new Promise<string>((resolve) => finish.push(() => resolve("done")));
  const results = [within(work), within(work), within(work), within(work)];
  expect(await results[3]).toBe("refused");
  expect(finish).toHaveLength(2);
  finish[0]?.();
  expect(await results[0]).toBe("done");
  expect(finish).toHaveLength(3);
  finish[1]?.();
  finish[2]?.();
  expect(await Promise.all(results.slice(1, 3))).toEqual(["done", "done"]);
});

test("work that fails gives its place back", async () => {
  const within = semaphore({ most: 1, queue: 0, patienceMs: 60_000 });
  await expect(within(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await within(async () => "next")).toBe("next");
});

test("a caller that waits too long is refused and leaves the queue", async () => {
  const within = semaphore({ most: 1, queue: 1, patienceMs: 20 });
  let finish = () => {};
  const first = within(() => new Promise<string>((resolve) => (finish = () => resolve("done"))));
  expect(await within(async () => "late")).toBe("refused");
  const next = within(async () => "next");
  finish();
  expect(await Promise.all([first, next])).toEqual(["done", "next"]);
});
