import ICAL from "ical.js";
import { expect, test } from "vitest";
import { type CalendarFacts, eventOf, toOwnFacts, writeEvent, writeFile } from "./event";

const competition: CalendarFacts = {
  id: "0193b5f0-0000-4000-8000-000000000001",
  title: "Chess, blitz; 3+2 — finale 🏆",
  startDate: new Date("2026-12-12T17:00:00.000Z"),
  endsAt: null,
  location: null,
  calendarSequence: 4,
  updatedAt: new Date("2026-11-26T08:15:30.123Z"),
};

/** A file's method and its events, as ical.js reads them. */
function read(file: string | null) {
  const calendar = new ICAL.Component(ICAL.parse(file ?? ""));
  return {
    method: calendar.getFirstPropertyValue("method"),
    events: calendar.getAllSubcomponents("vevent").map((event) => ({
      names: event.getAllProperties().map(({ name }) => name),
      ...Object.fromEntries(
        event.getAllProperties().map((property) => [property.name, `${property.getFirstValue()}`]),
      ),
    })),
  };
}

test("a competition is an event in UTC, of an hour, by a name that stays, and without people", () => {
  const { method, events } = read(writeEvent(competition));
  expect(method).toBe("PUBLISH");
  expect(events).toEqual([
    {
      names: [
        ...["uid", "dtstamp", "last-modified", "sequence", "dtstart", "dtend"],
        ...["summary", "description", "url", "status"],
      ],
      uid: `competition-${competition.id}@localhost`,
      dtstamp: "2026-11-26T08:15:30Z",
      "last-modified": "2026-11-26T08:15:30Z",
      sequence: "4",
      dtstart: "2026-12-12T17:00:00Z",
      dtend: "2026-12-12T18:00:00Z",
      summary: competition.title,
      description: expect.stringMatching(`/competitions/${competition.id}$`),
      url: expect.stringMatching(`^http://localhost:\\d+/competitions/${competition.id}$`),
      status: "CONFIRMED",
    },
  ]);
});

test("its end and place are named where the organizer has set them", () => {
  const endsAt = new Date("2026-12-13T01:30:00Z");
  const location = "Old Town Hall, Main Square 1; 2nd floor";
  expect(read(writeEvent({ ...competition, endsAt, location })).events).toMatchObject([
    { dtstart: "2026-12-12T17:00:00Z", dtend: "2026-12-13T01:30:00Z", location },
  ]);
});

test("a competition without a start has no event", () => {
  expect(writeEvent({ ...competition, startDate: null })).toBeNull();
});

test("what is cancelled says so twice, under the same name", () => {
  const { method, events } = read(writeEvent(competition, "CANCEL"));
  expect(method).toBe("CANCEL");
  expect(events).toMatchObject([
    { uid: `competition-${competition.id}@localhost`, status: "CANCELLED", sequence: "4" },
  ]);
});

test("one's own seat is named, and what became of it later is newer", () => {
  const changedAt = new Date("2026-11-27T00:00:00Z");
  const states = [
    { status: "CONFIRMED", changedAt, seatNo: 17 },
    { status: "CANCELLED", changedAt, changes: 1 },
  ] as const;
  const file = writeFile(
    [],
    states.map((state) => eventOf(competition, state) ?? []),
  );
  const dtstamp = "2026-11-27T00:00:00Z";
  expect(read(file).events).toMatchObject([
    { sequence: "4", dtstamp, description: expect.stringMatching(/^Your seat: 17\nhttp/) },
    { sequence: "5", dtstamp, description: expect.stringMatching(/^http/), status: "CANCELLED" },
  ]);
});

test("mail says as much about one's own part as one's calendar does, and otherwise what everybody is told", () => {
  const changedAt = new Date("2026-11-27T00:00:00Z");
  expect(toOwnFacts(competition, { changes: 0, changedAt })).toBe(competition);
  const own = writeEvent(toOwnFacts(competition, { changes: 3, changedAt }), "CANCEL");
  expect(read(own).events).toMatchObject([
    { sequence: "7", dtstamp: "2026-11-27T00:00:00Z", status: "CANCELLED" },
  ]);
});
