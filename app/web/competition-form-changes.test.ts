import { describe, expect, test } from "vitest";
import type { CompetitionView } from "~/domain/competitions/index.server";
import { parseCompetitionChanges, toCompetitionForm } from "./competition-form";

describe("the form of an existing competition", () => {
  const competition = {
    title: "Chess",
    description: "Nine rounds.",
    tags: ["chess"],
    capacity: 40,
    waitlistLimit: 0,
    opensAt: new Date("2030-06-01T04:30:45Z"),
    regDeadline: new Date("2030-07-01T16:00:59Z"),
    startDate: new Date("2030-07-02T08:00:30Z"),
    endsAt: null,
    timeZone: "Asia/Kolkata",
    location: null,
    lateEntry: false,
  } as unknown as CompetitionView;
  const shown = toCompetitionForm(competition);

  test("leaves dates that nobody touched as they are, to the second", () => {
    const parsed = parseCompetitionChanges({ ...shown, title: "Chess Open" }, competition);
    expect(parsed).toMatchObject({ status: "ok", input: { title: "Chess Open" } });
    expect(parsed.status === "ok" && Object.keys(parsed.input)).not.toContain("regDeadline");
    expect(parsed.status === "ok" && Object.keys(parsed.input)).not.toContain("startDate");
  });

  test("leaves dates that differ only in seconds, and an order that was once allowed", () => {
    for (const dates of [
      // Closed in the minute in which it opened, and over in that in which it begins.
      {
        opensAt: "2030-06-01T04:30:00Z",
        regDeadline: "2030-06-01T04:30:45Z",
        startDate: "2030-06-01T04:30:50Z",
        endsAt: "2030-06-01T04:30:55Z",
      },
      { startDate: "2030-06-20T12:00:00Z" },
    ]) {
      const instants = Object.entries(dates).map(([name, date]) => [name, new Date(date)]);
      const odd: CompetitionView = { ...competition, ...Object.fromEntries(instants) };
      const sent = { ...toCompetitionForm(odd), title: "Chess Open" };
      expect(parseCompetitionChanges(sent, odd)).toEqual({
        status: "ok",
        input: { title: "Chess Open" },
      });
    }
  });

  test("asks for no deadline in a draft, nor where it showed none, until it is published", () => {
    const at = new Date("2030-05-01T10:00:00Z");
    const undated: CompetitionView = {
      ...competition,
      ...{ status: "draft", opensAt: null, regDeadline: at, createdAt: at },
    };
    const sent = { ...toCompetitionForm(undated), title: "Chess Open" };
    const saved = { status: "ok", input: { title: "Chess Open" } };
    expect(parseCompetitionChanges(sent, undated)).toEqual(saved);
    const since = { ...undated, regDeadline: new Date("2030-06-01T10:00:00Z") };
    expect(parseCompetitionChanges(sent, since)).toEqual(saved);
    const published: CompetitionView = { ...since, status: "published" };
    expect(parseCompetitionChanges(sent, published)).toEqual(saved);
    const emptied = { ...toCompetitionForm(since), regDeadline: "" };
    expect(parseCompetitionChanges(emptied, since)).toEqual({
      status: "ok",
      input: { regDeadline: null },
    });
    const asks = { status: "refused", errors: { regDeadline: expect.stringMatching(/^Enter/) } };
    expect(parseCompetitionChanges({ ...sent, publish: "yes" }, undated)).toEqual(asks);
    expect(parseCompetitionChanges({ ...shown, regDeadline: "" }, competition)).toEqual(asks);
  });

  test("leaves a text as a program sent it, with line breaks that no browser keeps", () => {
    const sent = { ...competition, description: "Nine\r\nrounds.\r" } as CompetitionView;
    const typed = { ...toCompetitionForm(sent), description: "Nine\nrounds.\n", title: "Go" };
    expect(parseCompetitionChanges(typed, sent)).toEqual({ status: "ok", input: { title: "Go" } });
  });

  test("changes what was changed in it, and leaves to others what they changed since", () => {
    const since = { ...competition, tags: ["chess", "open"], capacity: 50 } as CompetitionView;
    const parsed = parseCompetitionChanges({ ...shown, title: "Chess Open" }, since);
    expect(parsed).toEqual({ status: "ok", input: { title: "Chess Open" } });
  });

  test("does not reopen what was closed elsewhere", () => {
    const since = { ...competition, regDeadline: new Date("2026-01-01T00:00:00Z") };
    const parsed = parseCompetitionChanges({ ...shown, description: "Nine  rounds." }, since);
    expect(parsed).toEqual({ status: "ok", input: { description: "Nine  rounds." } });
  });

  test("shows both texts where both were changed, and saves when it is sent once more", () => {
    const since = {
      ...competition,
      title: "Rapid Chess",
      startDate: new Date("2030-07-03T08:00:00Z"),
    } as CompetitionView;
    const typed = { ...shown, title: "Chess Open", startDate: "2030-07-02T18:00" };
    const parsed = parseCompetitionChanges(typed, since);
    expect(parsed).toMatchObject({
      status: "conflict",
      values: { title: "Chess Open", startDate: "2030-07-02T18:00" },
      theirs: { title: "Rapid Chess", startDate: "2030-07-03 13:30" },
    });
    if (parsed.status !== "conflict") throw new Error("no conflict");
    expect(parsed.errors).toEqual({
      title: expect.stringMatching(/^The title was changed after you opened the form\./),
      startDate: expect.stringMatching(/^The start was changed after you opened the form\./),
    });
    expect(parseCompetitionChanges(parsed.values, since)).toEqual({
      status: "ok",
      input: { title: "Chess Open", startDate: new Date("2030-07-02T12:30:00Z") },
    });
    const third = { ...since, title: "Blitz Chess" } as CompetitionView;
    expect(parseCompetitionChanges(parsed.values, third)).toMatchObject({ status: "conflict" });
  });

  test("agrees where both made the same change", () => {
    const since = { ...competition, title: "Chess Open" } as CompetitionView;
    expect(parseCompetitionChanges({ ...shown, title: "Chess Open" }, since).status).toBe("ok");
  });

  test("treats the same value written differently as the same", () => {
    const since = { ...competition, capacity: 1_000, title: "Caf\u00e9" } as CompetitionView;
    const typed = { ...shown, capacity: "1,000", title: " Cafe\u0301", tags: "Chess, " };
    expect(parseCompetitionChanges(typed, since)).toEqual({
      status: "ok",
      input: { title: "Caf\u00e9", capacity: 1_000 },
    });
    const untouched = { ...shown, capacity: " 40", description: "Nine rounds.\n" };
    expect(parseCompetitionChanges(untouched, since)).toEqual({ status: "ok", input: {} });
  });

  test.each(["", "[", '{"title":7}'])(
    "from a page that does not say what it showed (%j) changes what differs",
    (given) => {
      const typed = { ...shown, shown: given, title: "Chess Open" };
      expect(parseCompetitionChanges(typed, competition)).toEqual({
        status: "ok",
        input: { title: "Chess Open" },
      });
    },
  );

  test("leaves the opening as somebody moved it since, and shows both values where both did", () => {
    const since = { ...competition, opensAt: new Date("2030-06-02T04:30:00Z") } as CompetitionView;
    expect(parseCompetitionChanges({ ...shown, title: "Chess Open" }, since)).toEqual({
      status: "ok",
      input: { title: "Chess Open" },
    });
    const typed = { ...shown, opensAt: "2030-06-03T10:00" };
    expect(parseCompetitionChanges(typed, since)).toMatchObject({
      status: "conflict",
      theirs: { opensAt: "2030-06-02 10:00" },
    });
  });

  test("opens at once when the opening is emptied, and not when the form has no such field", () => {
    expect(parseCompetitionChanges({ ...shown, opensAt: "" }, competition)).toEqual({
      status: "ok",
      input: { opensAt: null },
    });
    const { opensAt: _field, ...older } = shown;
    expect(parseCompetitionChanges({ ...older, title: "Chess Open" }, competition)).toEqual({
      status: "ok",
      input: { title: "Chess Open" },
    });
  });

  test("gives the competition a line, and asks for a number where its field is emptied", () => {
    const parsed = (waitlistLimit: string) =>
      parseCompetitionChanges({ ...shown, waitlistLimit }, competition);
    expect(parsed("40")).toEqual({ status: "ok", input: { waitlistLimit: 40 } });
    expect(parsed("0")).toEqual({ status: "ok", input: {} });
    expect(parsed(" ")).toMatchObject({
      errors: {
        waitlistLimit:
          "Enter the waitlist limit as a whole number from 0 to 100,000. 0 means no waitlist.",
      },
    });
  });

  test("moves its dates with its time zone, but not where both zones show the same time", () => {
    const moved = parseCompetitionChanges({ ...shown, timeZone: "UTC" }, competition);
    expect(moved).toEqual({
      status: "ok",
      input: {
        timeZone: "UTC",
        opensAt: new Date("2030-06-01T10:00:00Z"),
        regDeadline: new Date("2030-07-01T21:30:00Z"),
        startDate: new Date("2030-07-02T13:30:00Z"),
      },
    });
    expect(parseCompetitionChanges({ ...shown, timeZone: "Asia/Colombo" }, competition)).toEqual({
      status: "ok",
      input: { timeZone: "Asia/Colombo" },
    });
  });

  test("leaves the time zone, the end and late entry alone if it does not know them", () => {
    const late = { ...competition, lateEntry: true, startDate: new Date("2030-06-02T08:00:00Z") };
    const before = toCompetitionForm(late);
    const { in: _zone, timeZone: _clocks, ...digests } = JSON.parse(before.shown ?? "");
    const { lateEntry: _box, endsAt: _end, location: _place, ...older } = before;
    const sent = { ...older, shown: JSON.stringify(digests), title: "Chess Open" };
    expect(parseCompetitionChanges(sent, late)).toEqual({
      status: "ok",
      input: { title: "Chess Open" },
    });
  });

  test("allows late entry with a tick, and asks where somebody else decided otherwise", () => {
    const ticked = { ...shown, lateEntry: "yes", startDate: "2030-06-20T18:00" };
    expect(parseCompetitionChanges(ticked, competition)).toMatchObject({
      input: { lateEntry: true, startDate: new Date("2030-06-20T12:30:00Z") },
    });
    const since = { ...competition, location: "Hall 4" };
    expect(parseCompetitionChanges({ ...shown, location: "Hall 3" }, since)).toMatchObject({
      status: "conflict",
      theirs: { location: "Hall 4" },
    });
  });

  test("removes the start date when its field is emptied", () => {
    const parsed = parseCompetitionChanges({ ...shown, startDate: "" }, competition);
    expect(parsed).toMatchObject({ input: { startDate: null } });
  });
});
