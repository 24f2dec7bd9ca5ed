import { expect, test } from "vitest";
import { semaphore } from "./semaphore";

const patient = { patienceMs: 60_000 };

/** Work that ends when it is told to, and what of it was begun, in order. */
function worksite() {
  const begun: string[] = [];
  const finish: (() => void)[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => finish.push(() => resolve(name)));
  };
  return { begun, finish, work };
}

/** Lets everything run that can without another event. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("runs some, queues some, refuses the rest, and moves up when one leaves", async () => {
  const { within } = semaphore({ most: 2, queue: 1 });
  const { finish, work } = worksite();
  const results = ["a", "b", "c", "d"].map((name) => within(work(name), patient));
  expect(await results[3]).toBe("refused");
  expect(finish).toHaveLength(2);
  finish[0]?.();
  expect(await results[0]).toBe("a");
  expect(finish).toHaveLength(3);
  finish[1]?.();
  finish[2]?.();
  expect(await Promise.all(results.slice(1, 3))).toEqual(["b", "c"]);
});

test("work that fails gives its place back", async () => {
  const { within } = semaphore({ most: 1, queue: 0 });
  await expect(within(() => Promise.reject(new Error("no")), patient)).rejects.toThrow("no");
  expect(await within(async () => "next", patient)).toBe("next");
});

test("a caller that waits too long is refused and leaves the queue", async () => {
  const { within } = semaphore({ most: 1, queue: 1 });
  const { finish, work } = worksite();
  const first = within(work("first"), patient);
  expect(await within(async () => "late", { patienceMs: 20 })).toBe("refused");
  const next = within(async () => "next", patient);
  finish[0]?.();
  expect(await Promise.all([first, next])).toEqual(["first", "next"]);
});

test("lines take turns: one caller of a line waits for one of each other, not for all", async () => {
  const { within } = semaphore({ most: 1, queue: 1_000 });
  const { begun, finish, work } = worksite();
  const results = Array.from({ length: 200 }, (_, index) =>
    within(work(`crowd ${index}`), { ...patient, line: "crowd" }),
  );
  for (const line of ["anna", "ben"]) results.push(within(work(line), { ...patient, line }));
  for (let index = 0; index < results.length; index++) {
    finish[index]?.();
    await settled();
  }
  await Promise.all(results);
  expect(begun.slice(0, 5)).toEqual(["crowd 0", "crowd 1", "anna", "ben", "crowd 2"]);
  expect(begun).toHaveLength(202);
});

test("a line that is full leaves room for others", async () => {
  const { within } = semaphore({ most: 1, queue: 3, queuePerLine: 2 });
  const { finish, work } = worksite();
  const results = ["a", "a", "a", "a", "b", "b"].map((line) =>
    within(work(line), { ...patient, line }),
  );
  expect(await results[3]).toBe("refused");
  expect(await results[5]).toBe("refused");
  for (let index = 0; index < 4; index++) {
    finish[index]?.();
    await settled();
  }
  expect(await Promise.all(results)).toEqual(["a", "a", "a", "refused", "b", "refused"]);
});

test("work is not begun for a caller that is gone, which holds up nobody", async () => {
  const { within } = semaphore({ most: 1, queue: 2 });
  const { begun, finish, work } = worksite();
  const left = new AbortController();
  const first = within(work("first"), patient);
  const gone = within(work("gone"), { ...patient, signal: left.signal });
  const second = within(work("second"), patient);
  left.abort();
  expect(await gone).toBe("refused");
  expect(await within(work("gone"), { ...patient, signal: left.signal })).toBe("refused");
  finish[0]?.();
  await settled();
  finish[1]?.();
  expect(await Promise.all([first, second])).toEqual(["first", "second"]);
  expect(begun).toEqual(["first", "second"]);
});

test("who fills the queue with long lines keeps nobody else out of it", async () => {
  const { within } = semaphore({ most: 1, queue: 4, queuePerLine: 3 });
  const { begun, finish, work } = worksite();
  const results = ["a", "a", "a", "b", "b", "anna", "a", "ben", "carl"].map((line, n) =>
    within(work(`${line} ${n}`), { ...patient, line }),
  );
  // The last of the longest line made room, as long as one was longer than that of who came.
  expect(await Promise.all([results[6], results[8]])).toEqual(["refused", "refused"]);
  for (let index = 0; index < 5; index++) {
    finish[index]?.();
    await settled();
  }
  expect(begun.map((name) => name.split(" ")[0])).toEqual(["a", "a", "b", "anna", "ben"]);
  expect((await Promise.all(results)).filter((result) => result === "refused")).toHaveLength(4);
});
