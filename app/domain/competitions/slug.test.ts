import { expect, test } from "vitest";
import { slugOf } from "./slug";

test.each([
  ["Signs People Understand!", "signs-people-understand"],
  ["  C++ & C#: Day 2 ", "c-c-day-2"],
  ["Crème Brûlée Straße Łódź", "creme-brulee-strasse-lodz"],
  ["Bob's Chess Open", "bobs-chess-open"],
  ["東京マラソン 2030", "東京マラソン-2030"],
  ["हिंदी कविता", "हिंदी-कविता"],
  ["???", "competition"],
  ["🏁", "competition"],
])("the title %j has the short address %j", (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test("a long title's short address ends with a whole word", () => {
  expect(slugOf("word ".repeat(30))).toBe("word-word-word-word-word-word-word-word-word");
  expect(slugOf("x".repeat(200))).toBe("x".repeat(48));
  // Letters of two code units each are not cut through.
  expect([...slugOf("𝒳".repeat(10) + "\u{20000}".repeat(60))].length).toBe(48);
});
