import { expect, test } from "vitest";
import { eachInTurn } from "./each-in-turn";

async function doneBefore(failure: Error): Promise<number[]> {
  const done: number[] = [];
  const working = eachInTurn([1, 2, 3], async (item) => {
    if (item === 1) throw failure;
    done.push(item);
  });
  await expect(working).rejects.toBe(failure);
  return done;
}

test("one that fails holds up none of the others, and is told of", async () => {
  expect(await doneBefore(new Error("a bug"))).toEqual([2, 3]);
  expect(await doneBefore(Object.assign(new Error("waited too long"), { code: "55P03" }))).toEqual([
    2, 3,
  ]);
});

test("while Postgres is away nobody else is tried", async () => {
  const away = Object.assign(new Error("no connection"), { code: "ECONNREFUSED" });
  expect(await doneBefore(away)).toEqual([]);
});
