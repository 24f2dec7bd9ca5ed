import { expect, test } from "vitest";
import { monthOf, tileOf } from "./calendar";

test("a day and its month are those of the zone's clocks", () => {
  const newYear = new Date("2026-12-31T23:30:00Z");
  expect(tileOf(newYear, "UTC")).toEqual({ month: "DEC", day: 31 });
  expect(tileOf(newYear, "Europe/Berlin")).toEqual({ month: "JAN", day: 1 });
  expect(monthOf(newYear, "America/New_York")).toBe("December 2026");
  expect(monthOf(newYear, "Asia/Tokyo")).toBe("January 2027");
});
