import { expect, test } from "vitest";
import { parseStat } from "./cpu.ts";

test("a process' times are found, whatever its name", () => {
  const text = "42 (a) b (c) S 7 42 42 0 -1 4194304 100 0 0 0 11 22 33 44 20 0 1 0 5 6 7";
  expect(parseStat(text)).toEqual({ parent: 7, own: 33, ofChildrenThatEnded: 77 });
});
