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
  test("is read by the clocks of the zone that it names", () => {
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
      },
    });
  });

  test("opens when it says, by the same clocks", () => {
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

  test("says of a capacity that is no number how to write one", () => {
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

  test("counts in UTC when the zone it names is none", () => {
    const parsed = parseCompetitionForm({ ...filled, timeZone: "Mars/Olympus" });
    expect(parsed).toMatchObject({ input: { regDeadline: new Date("2030-07-01T18:00:00Z") } });
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
    ["title", { title: "  " }],
    ["title", { title: "a\0b" }],
    ["tags", { tags: Array.from({ length: 11 }, (_, index) => `tag${index}`).join() }],
  ])("says what is wrong with %s in %j, and with nothing else", (field, change) => {
    const parsed = parseCompetitionForm({ ...filled, ...change });
    expect(parsed).toMatchObject({ status: "refused" });
    expect(Object.keys(parsed.status === "refused" ? parsed.errors : {})).toEqual([field]);
  });

  test("says everything that is wrong at once when nothing was filled in", () => {
    const parsed = parseCompetitionForm({});
    expect(Object.keys(parsed.status === "refused" ? parsed.errors : {}).sort()).toEqual([
      "capacity",
      "description",
      "regDeadline",
      "title",
    ]);
  });
});

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
  } as CompetitionView;
  const shown = toCompetitionForm(competition, "Asia/Kolkata");

  test("leaves dates that nobody touched as they are, to the second", () => {
    const parsed = parseCompetitionChanges({ ...shown, title: "Chess Open" }, competition);
    expect(parsed).toMatchObject({ status: "ok", input: { title: "Chess Open" } });
    expect(parsed.status === "ok" && Object.keys(parsed.input)).not.toContain("regDeadline");
    expect(parsed.status === "ok" && Object.keys(parsed.input)).not.toContain("startDate");
  });

  test("changes what was changed in it, and leaves to others what they changed since", () => {
    const since = { ...competition, tags: ["chess", "open"], capacity: 50 } as CompetitionView;
    const parsed = parseCompetitionChanges({ ...shown, title: "Chess Open" }, since);
    expect(parsed).toEqual({ status: "ok", input: { title: "Chess Open" } });
  });

  test("does not open again what was closed elsewhere", () => {
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
    expect(Object.keys(parsed.errors)).toEqual(["title", "startDate"]);
    expect(parseCompetitionChanges(parsed.values, since)).toEqual({
      status: "ok",
      input: { title: "Chess Open", startDate: new Date("2030-07-02T12:30:00Z") },
    });
    const third = { ...since, title: "Blitz Chess" } as CompetitionView;
    expect(parseCompetitionChanges(parsed.values, third)).toMatchObject({ status: "conflict" });
  });

  test("agrees where both made the same of it", () => {
    const since = { ...competition, title: "Chess Open" } as CompetitionView;
    expect(parseCompetitionChanges({ ...shown, title: "Chess Open" }, since).status).toBe("ok");
  });

  test("takes the same written in another way for the same", () => {
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

  test("leaves the opening to who moved it since, and shows both where both did", () => {
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
      errors: { waitlistLimit: "Enter a whole number from 0 to 100,000. 0 is no waitlist." },
    });
  });

  test("takes the start date away when its field is emptied", () => {
    const parsed = parseCompetitionChanges({ ...shown, startDate: "" }, competition);
    expect(parsed).toMatchObject({ input: { startDate: null } });
  });
});
