import fc from "fast-check";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { type Property, writeCalendar } from "./icalendar";

/** The only event of a calendar, as ical.js reads it. */
function eventOf(text: string) {
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent");
  if (events.length !== 1 || !events[0]) throw new Error(`${events.length} events`);
  return events[0];
}

const summaryOf = (text: string) => eventOf(text).getFirstPropertyValue("summary");
const withSummary = (summary: string) => writeCalendar([], [[["SUMMARY", summary]]]);

test("a calendar is lines that end in CRLF, each value as its kind is written", () => {
  const event: Property[] = [
    ["SUMMARY", "Chess; blitz, \\ 3+2\nbring a clock"],
    ["DTSTART", new Date("2026-12-12T17:00:00.789Z")],
    ["SEQUENCE", 3],
    ["URL", { verbatim: "https://compete.example/a;b,c" }],
  ];
  expect(writeCalendar([["METHOD", "PUBLISH"]], [event])).toBe(
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "METHOD:PUBLISH",
      "BEGIN:VEVENT",
      String.raw`SUMMARY:Chess\; blitz\, \\ 3+2\nbring a clock`,
      "DTSTART:20261212T170000Z",
      "SEQUENCE:3",
      "URL:https://compete.example/a;b,c",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  );
});

test("no text begins a line of its own", () => {
  const text = withSummary("A\r\nSTATUS:CANCELLED\rEND:VEVENT\nX\u0000Y\u000b\u007fZ");
  expect(text.split("\r\n")).toHaveLength(7);
  expect(text.replaceAll("\r\n", "")).not.toMatch(/\p{Cc}/u);
  expect(summaryOf(text)).toBe("A\nSTATUS:CANCELLED\nEND:VEVENT\nXYZ");
});

test("a line of 75 octets stays whole, one of 76 is folded", () => {
  const room = 75 - "SUMMARY:".length;
  expect(withSummary("x".repeat(room))).toContain(`\r\nSUMMARY:${"x".repeat(room)}\r\n`);
  expect(withSummary("x".repeat(room + 1))).toContain(`\r\nSUMMARY:${"x".repeat(room)}\r\n x\r\n`);
});

test("whatever the text, no line is longer than 75 octets and no letter is cut, and it reads back", () => {
  const letters = fc.constantFrom("a", "é", "漢", "🏆", "\n", ",", ";", "\\", " ", "\t", '"', ":");
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 300 }), (summary) => {
      const text = withSummary(summary);
      const lines = Buffer.from(text).toString("latin1").split("\r\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(75);
      for (const line of lines) {
        const bytes = Buffer.from(line, "latin1");
        expect(Buffer.from(bytes.toString("utf8")).equals(bytes)).toBe(true);
      }
      expect(summaryOf(text) ?? "").toBe(summary);
    }),
  );
});
