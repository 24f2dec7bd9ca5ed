import { describe, expect, test } from "vitest";
import type { CompetitionView } from "~/domain/competitions/index.server";
import {
  parseCompetitionChanges,
  parseCompetitionForm,
  toCompetitionForm,
} from "./competition-form";

const filled = {
  title: " Chess ",
  description: "Nine rounds.",
  tags: "Chess, open,, chess",
  capacity: " 40 ",
  regDeadline: "2030-07-01T18:00",
  startDate: "",
  timeZone: "Europe/Paris",
};

describe("the form of a new competition", () => {
  test("is read in the time zone that it names", () => {
    expect(parseCompetitionForm(filled)).toEqual({
      status: "ok",
      input: {
        title: "Chess",
        description: "Nine rounds.",
        tags: ["chess", "open"],
        capacity: 40,
        opensAt: null,
        regDeadline: new Date("2030-07-01T16:00:00Z"),
        startDate: null,
        endsAt: null,
        timeZone: "Europe/Paris",
        location: null,
        lateEntry: false,
      },
    });
  });

  test("opens when it says, in the same time zone", () => {
    const parsed = parseCompetitionForm({ ...filled, opensAt: "2030-06-01T18:00" });
    expect(parsed).toMatchObject({ input: { opensAt: new Date("2030-06-01T16:00:00Z") } });
  });

  test.each(["1,000", "１０００", " 1000 "])("takes a capacity written %j", (capacity) => {
    expect(parseCompetitionForm({ ...filled, capacity })).toMatchObject({
      input: { capacity: 1_000 },
    });
  });

  test.each([
    ["", undefined],
    [" ", undefined],
    ["0", 0],
    ["1,000", 1_000],
  ])("takes a waitlist limit written %j for %j", (waitlistLimit, expected) => {
    const parsed = parseCompetitionForm({ ...filled, waitlistLimit });
    expect(parsed.status === "ok" && parsed.input.waitlistLimit).toBe(expected);
  });

  test("says how to write a capacity that is not a number", () => {
    for (const capacity of ["", "forty", "-5", "10.5", "9999999999"]) {
      expect(parseCompetitionForm({ ...filled, capacity })).toMatchObject({
        errors: { capacity: expect.stringContaining("such as 50 or 1,000") },
      });
    }
  });

  test("takes dates as they are typed where there is no calendar", () => {
    const parsed = parseCompetitionForm({ ...filled, regDeadline: " 2030-07-01 18:00" });
    expect(parsed).toMatchObject({ input: { regDeadline: new Date("2030-07-01T16:00:00Z") } });
  });

  test("takes a date and its time apart, however they are typed", () => {
    const { regDeadline: _one, ...rest } = filled;
    for (const time of ["09:05", "9:05", " ９:05 "]) {
      const apart = { ...rest, "regDeadline-date": "2030-07-01 ", "regDeadline-time": time };
      expect(parseCompetitionForm(apart)).toMatchObject({
        input: { regDeadline: new Date("2030-07-01T07:05:00Z") },
      });
    }
  });

  test.each([
    ["start", "2030-11-01T08:00:00.000Z"],
    // The clocks were changed in between.
    ["day-before", "2030-10-31T08:00:00.000Z"],
    ["own", "2030-07-01T16:00:00.000Z"],
    ["whatever", "2030-07-01T16:00:00.000Z"],
  ])("takes the preset %j for the deadline", (preset, deadline) => {
    const dates = { startDate: "2030-11-01T09:00", "regDeadline-at": preset };
    expect(parseCompetitionForm({ ...filled, ...dates })).toMatchObject({
      input: { regDeadline: new Date(deadline) },
    });
  });

  test("counts the day before the start by the calendar, also when the clocks were changed", () => {
    const dates = { startDate: "2030-03-31T12:00", "regDeadline-at": "day-before" };
    expect(parseCompetitionForm({ ...filled, ...dates })).toMatchObject({
      input: {
        startDate: new Date("2030-03-31T10:00:00Z"),
        regDeadline: new Date("2030-03-30T11:00:00Z"),
      },
    });
  });

  test.each([
    [
      { "startDate-date": "2030-07-02", "startDate-time": "" },
      { startDate: /a time for the start, too/ },
    ],
    [{ "endsAt-date": "", "endsAt-time": "18:00" }, { endsAt: /a date for the end, too/ }],
    [{ "regDeadline-at": "start" }, { regDeadline: /Enter a start date/ }],
    [{ "regDeadline-at": "day-before", startDate: "x" }, { regDeadline: /Enter a start date/ }],
  ])("says of %j what is missing", (change, errors) => {
    const parsed = parseCompetitionForm({ ...filled, ...change });
    for (const [field, words] of Object.entries(errors)) {
      expect(parsed.status === "refused" && parsed.errors[field]).toMatch(words);
    }
  });

  test.each([
    ["capacity", { capacity: "forty" }],
    ["capacity", { capacity: "1e3" }],
    ["capacity", { capacity: "1,00" }],
    ["capacity", { capacity: "1.000" }],
    ["capacity", { capacity: "-5" }],
    ["capacity", { capacity: "0" }],
    ["waitlistLimit", { waitlistLimit: "-1" }],
    ["waitlistLimit", { waitlistLimit: "many" }],
    ["waitlistLimit", { waitlistLimit: "100,001" }],
    ["capacity", { capacity: "100001" }],
    ["opensAt", { opensAt: "soon" }],
    ["opensAt", { opensAt: "2030-07-01T18:00" }],
    ["regDeadline", { regDeadline: "" }],
    ["regDeadline", { regDeadline: "soon" }],
    ["regDeadline", { regDeadline: "2030-02-30T10:00" }],
    ["startDate", { startDate: "soon" }],
    ["startDate", { startDate: "2030-06-01T10:00" }],
    ["endsAt", { startDate: "2030-07-02T10:00", endsAt: "2030-07-02T10:00" }],
    ["endsAt", { endsAt: "2030-07-02T10:00" }],
    ["timeZone", { timeZone: "Mars/Olympus" }],
    ["location", { location: "javascript:alert(1)" }],
    ["title", { title: "  " }],
    ["title", { title: "a\0b" }],
    ["tags", { tags: Array.from({ length: 11 }, (_, index) => `tag${index}`).join() }],
  ])("says what is wrong with %s in %j, and with nothing else", (field, change) => {
    const parsed = parseCompetitionForm({ ...filled, ...change });
    expect(parsed).toMatchObject({ status: "refused" });
    expect(Object.keys(parsed.status === "refused" ? parsed.errors : {})).toEqual([field]);
  });

  test("reports everything at once when nothing was filled in", () => {
    const parsed = parseCompetitionForm({});
    expect(Object.keys(parsed.status === "refused" ? parsed.errors : {}).sort()).toEqual([
      "capacity",
      "description",
      "regDeadline",
      "title",
    ]);
  });

  test("says in each sentence which field it is about: a summary shows them without labels", () => {
    const dates = {
      "opensAt-date": "2030-01-31",
      "startDate-time": "18:00",
      "endsAt-date": "soon",
    };
    const parsed = parseCompetitionForm({ capacity: "many", waitlistLimit: "few", ...dates });
    expect(parsed).toMatchObject({
      errors: {
        capacity: expect.stringContaining("the capacity"),
        waitlistLimit: expect.stringContaining("the waitlist limit"),
        opensAt: expect.stringContaining("when registration opens"),
        startDate: expect.stringContaining("the start"),
        endsAt: expect.stringContaining("the end"),
        regDeadline: expect.stringContaining("the registration deadline"),
      },
    });
  });
});

test("a form of an existing competition that names no time zone leaves its dates alone", () => {
  const at = new Date("2030-06-01T10:00:00Z");
  const competition: CompetitionView = {
    ...{ id: "1", title: "Chess", description: "Nine rounds.", tags: [], slug: "chess" },
    ...{ capacity: 40, waitlistLimit: 40, registrations: 0, seatsLeft: 40, waiting: 0 },
    ...{ opensAt: null, regDeadline: at, startDate: at, endsAt: null, timeZone: "Europe/Paris" },
    ...{ location: null, lateEntry: false, createdById: "2", createdAt: at, updatedAt: at },
    ...{ organizer: { id: "2", name: "Olga", email: "olga@example.com" }, version: 1 },
    ...{ status: "published", cancelMessage: null, state: "open" },
    clock: { said: 0, askedAt: 0, heardAt: 0 },
  };
  const { timeZone: _zone, ...sent } = toCompetitionForm(competition);
  expect(parseCompetitionChanges(sent, competition)).toEqual({ status: "ok", input: {} });
  const moved = { ...sent, startDate: "2030-06-01T13:00" };
  expect(parseCompetitionChanges(moved, competition)).toEqual({
    status: "ok",
    input: { startDate: new Date("2030-06-01T11:00:00Z") },
  });
});
