import { beforeEach, expect, test } from "vitest";
import { dropKept, keptOrMade } from "./kept";

beforeEach(dropKept);

let made = 0;
const make = async () => ++made;
const ask = (name: string, isKept = true) => keptOrMade(name, make, () => (isKept ? undefined : 0));

test("a hundred things are kept, and the least recently asked for makes room", async () => {
  const names = Array.from({ length: 101 }, (_, n) => `thing ${n}`);
  const first = await Promise.all(names.map((name) => ask(name)));
  expect(await Promise.all(names.slice(1).map((name) => ask(name)))).toEqual(first.slice(1));
  expect(await ask("thing 0")).not.toBe(first[0]);
});

test("neither failures are kept, nor what must not be kept", async () => {
  const failing = () =>
    keptOrMade(
      "page",
      () => Promise.reject(new Error("away")),
      () => undefined,
    );
  await expect(Promise.all([failing(), failing()])).rejects.toThrow("away");
  const unkept = await ask("page", false);
  const kept = await ask("page");
  expect(kept).toBe(unkept + 1);
  expect(await ask("page")).toBe(kept);
});

test("what is being made when something changes goes only to those who asked before", async () => {
  let finish = (_text: string) => {};
  const early = keptOrMade<string>(
    "page",
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
    () => 0,
  );
  dropKept();
  const late = keptOrMade(
    "page",
    async () => "new",
    () => undefined,
  );
  finish("old");
  expect(await early).toBe("old");
  expect(await late).toBe("new");
  expect(
    await keptOrMade(
      "page",
      async () => "newer",
      () => undefined,
    ),
  ).toBe("new");
});
