import { expect, test } from "vitest";
import { toCsv } from "./to-csv";

test("every text is quoted, headings too, and quotes are doubled", () => {
  expect(toCsv([["Seat", 'Ann "A", Lee', "two\nlines"]])).toBe(
    '"Seat","Ann ""A"", Lee","two\nlines"\r\n',
  );
});

test("a name with a semicolon, which some programs split at, stays within its quotes", () => {
  expect(toCsv([["Bob;=1+1"]])).toBe('"Bob;=1+1"\r\n');
});

test.each([
  "=1+1",
  "@SUM(A1)",
  "-2",
  "+1",
  "|calc",
  "＝1+1",
  "﹣2",
  " =1+1",
  "\u200b=1+1",
  "\u00a0\ufeff=1+1",
  "\u3164=1+1",
  "\t=1+1",
  "\r1",
])("the name %j, which a spreadsheet would run, is shown instead", (name) => {
  expect(toCsv([[name]])).toBe(`"'${name}"\r\n`);
});

test.each(["Zoë", "O'Neill", "a=b", "1", "–2", "Ωmega"])("the name %j stays as it is", (name) => {
  expect(toCsv([[name]])).toBe(`"${name}"\r\n`);
});
