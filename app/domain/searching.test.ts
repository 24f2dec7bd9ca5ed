import { expect, test } from "vitest";
import { hasWordsSql, wordsOf } from "./searching";

test("a search is for ten words at most, each once asked for", () => {
  const words = Array.from({ length: 12 }, (_, n) => `word${n}`);
  expect(wordsOf(`  ${words.join(" \t")} \u200b`)).toEqual(words.slice(0, 10));
  expect(wordsOf("two words")).toEqual(["two", "words"]);
  expect(hasWordsSql("text", ["two", "words"]).match(/ and text like /g)).toHaveLength(2);
});
