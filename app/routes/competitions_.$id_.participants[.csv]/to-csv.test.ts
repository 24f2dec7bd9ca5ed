import { expect, test } from "vitest";
import { toCsv } from "./to-csv";

test("texts with commas, quotes or line breaks are quoted", () => {
  expect(toCsv([["1", 'Ann "A", Lee', "two\nlines"]])).toBe('1,"Ann ""A"", Lee","two\nlines"\r\n');
});

test("a name that a spreadsheet would run is shown instead", () => {
  expect(toCsv([["=1+1", "@SUM(A1)", "-2", "Zoë"]])).toBe("'=1+1,'@SUM(A1),'-2,Zoë\r\n");
});
