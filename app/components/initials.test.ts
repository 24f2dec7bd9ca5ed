import { expect, test } from "vitest";
import { initialsOf } from "./initials";

test.each([
  ["Alice Johnson", "AJ"],
  ["  alice  maria   johnson ", "AJ"],
  ["Cher", "C"],
  ["élodie (she) durand", "ÉD"],
  ["e\u0301lodie", "E\u0301"],
  ["علي رضا", "عر"],
  ["山田 太郎", "山太"],
  ["Run e. V. 2027", "R2"],
  ["👩🏽‍🔬 Ada", "A"],
  ["🎉", "🎉"],
  ["", ""],
])("the initials of %j are %j", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
