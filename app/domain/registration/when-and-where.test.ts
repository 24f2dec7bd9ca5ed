import { expect, test } from "vitest";
import { whenAndWhere } from "./when-and-where";

const startDate = new Date("2026-12-12T17:00:00Z");
const unsaid = { startDate: null, endsAt: null, timeZone: "UTC", location: null };

test("mail says when and where it is, by the clocks there and in UTC", () => {
  const endsAt = new Date("2026-12-12T23:30:00Z");
  const at = { startDate, endsAt, timeZone: "Europe/Paris", location: "Hall 3" };
  expect(whenAndWhere(at)).toEqual([
    ["Starts", "Sat 12 Dec 2026, 18:00 CET (17:00 UTC)"],
    ["Ends", "Sun 13 Dec 2026, 00:30 CET (Sat 12 Dec 2026, 23:30 UTC)"],
    ["Place", "Hall 3"],
  ]);
});

test("mail says no more than is known, and leaves links to the page", () => {
  expect(whenAndWhere(unsaid)).toEqual([["Starts", "to be announced"]]);
  const location = "https://meet.example/abc";
  expect(whenAndWhere({ ...unsaid, startDate, location })).toEqual([
    ["Starts", "Sat 12 Dec 2026, 17:00 UTC"],
    ["Place", "online: its page has the link"],
  ]);
  const both = whenAndWhere({ ...unsaid, location: "Hall 3, or https://meet.example/abc" });
  expect(both.at(-1)).toEqual(["Place", "Hall 3, or […] (its page has the link)"]);
});
