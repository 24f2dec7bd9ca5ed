import { expect, test } from "vitest";
import { READ, shorten } from "./shorten";

/** What Postgres hands over of a text. */
const start = (text: string) => [...text].slice(0, READ).join("");

test.each(["", "short", "x".repeat(300), "😀".repeat(300), `${"é".repeat(299)}\n`])(
  "a description of up to 300 characters stays as it is: %#",
  (text) => {
    expect(shorten(start(text))).toEqual({ text, isShortened: false });
  },
);

test.each([
  ["letters", "x".repeat(10_000), "x".repeat(300)],
  ["one too many", "x".repeat(301), "x".repeat(300)],
  ["characters of two code units", "😀".repeat(400), "😀".repeat(300)],
  ["a letter and its accent", `${"x".repeat(299)}e\u0301!`, "x".repeat(299)],
  ["a family", `${"x".repeat(298)}👩‍👩‍👧‍👦`, "x".repeat(298)],
  ["a flag", `${"x".repeat(299)}🇫🇷`, "x".repeat(299)],
  ["a line break", `${"x".repeat(299)}\r\ny`, "x".repeat(299)],
  ["nothing but accents", `x${"\u0301".repeat(400)}`, `x${"\u0301".repeat(299)}`],
])("a longer one is cut between what people see as characters: %s", (_what, text, expected) => {
  expect(shorten(start(text))).toEqual({ text: expected, isShortened: true });
});
