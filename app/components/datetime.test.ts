import { describe, expect, test } from "vitest";
import {
  formatDateTime,
  formatRelative,
  isTimeZone,
  toZonedInput,
  yourTime,
  zonedToUtc,
  zoneName,
} from "./datetime";

const iso = (value: string, zone: string) => zonedToUtc(value, zone)?.toISOString() ?? null;

describe("formatDateTime", () => {
  test("says the weekday, the date, the time and the zone's name", () => {
    const date = new Date("2026-12-12T17:00:00Z");
    expect(formatDateTime(date, "Europe/Paris")).toBe("Sat 12 Dec 2026, 18:00 CET");
    expect(formatDateTime(date, "America/New_York")).toBe("Sat 12 Dec 2026, 12:00 EST");
    expect(formatDateTime(date, "UTC")).toBe("Sat 12 Dec 2026, 17:00 UTC");
  });

  test("writes midnight as 00:00 of the day that begins", () => {
    expect(formatDateTime(new Date("2026-09-01T00:00:00Z"), "UTC")).toBe(
      "Tue 1 Sep 2026, 00:00 UTC",
    );
  });

  test("names a zone by its offset when English has no name for it", () => {
    expect(zoneName(new Date("2026-12-12T00:00:00Z"), "Asia/Tokyo")).toBe("GMT+9");
    expect(zoneName(new Date("2026-12-12T00:00:00Z"), "Asia/Kolkata")).toBe("IST");
    expect(zoneName(new Date("2026-07-01T00:00:00Z"), "Europe/Paris")).toBe("CEST");
  });
});

describe("yourTime", () => {
  const date = new Date("2026-12-12T17:00:00Z");
  test.each([
    ["Europe/Paris", "America/New_York", "12:00 EST"],
    ["Europe/Paris", "Asia/Tokyo", "Sun 13 Dec 2026, 02:00 GMT+9"],
    ["Europe/Paris", "Europe/Berlin", null],
    ["UTC", "Europe/London", null],
    // A browser that does not know the zone shows UTC.
    ["Mars/Olympus", "UTC", null],
  ])("of a time in %s is, in %s, %j", (zone, visitors, shown) => {
    expect(yourTime(date, zone, visitors)).toBe(shown);
  });
});

describe("formatRelative", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  test.each([
    ["2026-03-04T12:00:00Z", "in 3 days"],
    ["2026-03-01T13:00:00Z", "in 1 hour"],
    ["2026-03-01T13:59:59Z", "in 2 hours"],
    ["2026-03-02T12:29:00Z", "in 24 hours"],
    ["2026-03-03T11:29:00Z", "in 47 hours"],
    ["2026-03-03T11:54:00Z", "in 2 days"],
    ["2026-04-30T00:00:00Z", "in 2 months"],
    ["2026-04-29T23:00:00Z", "in 59 days"],
    ["2028-02-29T09:36:00Z", "in 2 years"],
    ["2026-02-27T13:00:00Z", "47 hours ago"],
    ["2026-03-01T12:00:30Z", "in under a minute"],
    ["2026-03-01T11:59:30Z", "just now"],
    ["2026-03-01T11:55:00Z", "5 minutes ago"],
    ["2026-07-01T12:00:00Z", "in 4 months"],
    ["2029-03-02T12:00:00Z", "in 3 years"],
  ])("%s is %s", (date, words) => {
    expect(formatRelative(new Date(date), now)).toBe(words);
  });

  test("promises no minute more than is left within the last hour", () => {
    expect(formatRelative(new Date("2026-03-01T12:59:59Z"), now)).toBe("in 59 minutes");
    expect(formatRelative(new Date("2026-03-01T12:01:59Z"), now)).toBe("in 1 minute");
  });
});

describe("zonedToUtc", () => {
  test("reads a time by the clocks of its zone, summer and winter", () => {
    expect(iso("2026-12-12T18:00", "Europe/Paris")).toBe("2026-12-12T17:00:00.000Z");
    expect(iso("2026-07-12T18:00", "Europe/Paris")).toBe("2026-07-12T16:00:00.000Z");
    expect(iso("2026-07-12T18:00:30", "UTC")).toBe("2026-07-12T18:00:30.000Z");
    expect(iso("2026-07-12T18:00", "Asia/Kathmandu")).toBe("2026-07-12T12:15:00.000Z");
  });

  test("moves a time that the clocks skip in spring forward by what they skip", () => {
    expect(iso("2026-03-29T02:30", "Europe/Paris")).toBe("2026-03-29T01:30:00.000Z");
    expect(iso("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T07:30:00.000Z");
  });

  test("takes the first of the two times that the clocks show in autumn", () => {
    expect(iso("2026-10-25T02:30", "Europe/Paris")).toBe("2026-10-25T00:30:00.000Z");
    expect(iso("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
  });

  test("is exact right before and after the clocks change", () => {
    expect(iso("2026-03-29T01:59", "Europe/Paris")).toBe("2026-03-29T00:59:00.000Z");
    expect(iso("2026-03-29T03:00", "Europe/Paris")).toBe("2026-03-29T01:00:00.000Z");
    expect(iso("2026-10-25T03:00", "Europe/Paris")).toBe("2026-10-25T02:00:00.000Z");
  });

  test("undoes toZonedInput wherever a time is shown once", () => {
    for (const zone of ["UTC", "Europe/London", "America/St_Johns", "Australia/Lord_Howe"]) {
      for (let day = 0; day < 366; day += 1) {
        const date = new Date(Date.UTC(2026, 0, 1 + day, 12, 0));
        expect(zonedToUtc(toZonedInput(date, zone), zone)).toEqual(date);
      }
    }
  });

  test.each([
    "2026-02-30T10:00",
    "2026-13-01T10:00",
    "2026-01-01T24:00",
    "2026-01-01",
    "12026-01-01T10:00",
    "tomorrow",
    "",
  ])("%j is no date", (value) => {
    expect(zonedToUtc(value, "UTC")).toBeNull();
  });
});

describe("isTimeZone", () => {
  test.each(["UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])(
    "%s is one",
    (zone) => expect(isTimeZone(zone)).toBe(true),
  );
  test.each(["", "Mars/Olympus", "+01:00", "../../etc/passwd", "<script>", "A".repeat(5_000)])(
    "%j is none",
    (zone) => expect(isTimeZone(zone)).toBe(false),
  );
});
