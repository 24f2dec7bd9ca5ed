import { expect, test } from "vitest";
import { textArray } from "./text-array";

test("texts are counted in bytes, and a null has no length", () => {
  const bytes = textArray(["é", null, ""]);
  const header = [1, 1, 25, 3, 1];
  expect(header.map((_, index) => bytes.readInt32BE(index * 4))).toEqual(header);
  expect(bytes.subarray(20).toString("hex")).toBe("00000002c3a9ffffffff00000000");
});
