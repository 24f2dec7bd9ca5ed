import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  cancelMessage,
  competitionChangesSchema,
  competitionFields,
  competitionSchema,
  splitTags,
} from "./competitions.schema";

const good = {
  title: "  Hackathon 2030 ",
  description: "Build the next big thing\nin 48 hours",
  tags: ["Coding", "hackathon", "coding "],
  capacity: 100,
  regDeadline: "2030-11-01T23:59:59Z",
  startDate: "2030-11-02T10:00:00+01:00",
};

function problems(change: Record<string, unknown>): string[] {
  const { error } = competitionSchema.safeParse({ ...good, ...change });
  return (error?.issues ?? []).map((issue) => issue.path.join("."));
}

describe("a competition", () => {
  it("is trimmed, its tags lower-cased and named once, its dates instants", () => {
    expect(competitionSchema.parse(good)).toEqual({
      title: "Hackathon 2030",
      description: "Build the next big thing\nin 48 hours",
      tags: ["coding", "hackathon"],
      capacity: 100,
      opensAt: null,
      regDeadline: new Date("2030-11-01T23:59:59Z"),
      startDate: new Date("2030-11-02T09:00:00Z"),
    });
  });

  it("needs neither tags nor a start date", () => {
    const { tags, startDate, ...least } = good;
    expect(competitionSchema.parse(least)).toMatchObject({ tags: [], startDate: null });
  });

  it.each([
    ["title", ""],
    ["title", "   "],
    ["title", "x".repeat(201)],
    ["title", "two\r\nlines"],
    ["title", "nul\0"],
    ["title", "Win at https://evil.example/pay"],
    ["title", "evil.example/pay"],
    ["title", "pay\u202Elap"],
    ["title", "two\u2028lines"],
    ["title", "\u0301"],
    ["title", "\u2800"],
    ["title", "\u3164"],
    ["title", 7],
    ["description", ""],
    ["description", "x".repeat(10_001)],
    ["description", "nul\0"],
    ["description", "\u2800\n\u200b"],
    ["description", "pay\u202Elap"],
    ["tags", "coding"],
    ["tags", Array.from({ length: 11 }, (_, n) => `tag${n}`)],
    ["capacity", 0],
    ["capacity", 1.5],
    ["capacity", 100_001],
    ["capacity", "100"],
    ["capacity", Number.NaN],
    ["regDeadline", "2030-11-01"],
    ["regDeadline", "2030-11-01T10:00:00"],
    ["regDeadline", "2030-02-30T10:00:00Z"],
    ["regDeadline", "0000-01-01T10:00:00Z"],
    ["regDeadline", "9999-12-31T23:59:59-12:00"],
    ["regDeadline", 5],
    ["startDate", "soon"],
    ["startDate", "9999-01-01T00:00:00Z"],
    ["startDate", "2030-11-01T23:58:59Z"],
    ["endsAt", "2030-11-02T09:00:00Z"],
    ["endsAt", "later"],
    ["timeZone", "Mars/Olympus"],
    ["timeZone", "+01:00"],
    ["timeZone", null],
    ["location", "x".repeat(301)],
    ["location", "two\nlines"],
    ["location", "javascript:alert(1)"],
    ["location", "data:text/html,hello"],
    ["location", "ftp://example.com/rooms"],
    ["location", "https://google.com@evil.example/"],
    ["location", "https://"],
    ["lateEntry", "yes"],
  ])("is refused with %s %j", (field, value) => {
    expect(problems({ [field]: value })).toEqual([field]);
  });

  it("may start in the minute of its deadline, as both are shown", () => {
    expect(problems({ startDate: "2030-11-01T23:59:00Z" })).toEqual([]);
  });

  it("may start before its deadline where late entry is allowed", () => {
    expect(problems({ startDate: "2030-10-01T10:00:00Z", lateEntry: true })).toEqual([]);
  });

  it("has no end where it has no start", () => {
    expect(problems({ startDate: null, endsAt: "2030-11-02T12:00:00Z" })).toEqual(["endsAt"]);
  });

  it("says where it is in words or by a link, and by whose clocks it goes", () => {
    const given = { location: " Hall 3: Main St. 5 ", timeZone: "europe/paris" };
    expect(competitionSchema.parse({ ...good, ...given })).toMatchObject({
      location: "Hall 3: Main St. 5",
      timeZone: "Europe/Paris",
    });
    for (const location of ["https://meet.example/abc?d=e", "Zoom, https://meet.example", null]) {
      expect(competitionSchema.parse({ ...good, location })).toMatchObject({ location });
    }
    expect(competitionSchema.parse({ ...good, location: " " })).toMatchObject({ location: null });
  });

  it("keeps one form of each accent, in which a search finds it", () => {
    const cafe = "cafe\u0301";
    const kept = competitionSchema.parse({ ...good, title: cafe, description: cafe, tags: [cafe] });
    expect(kept).toMatchObject({ title: "café", description: "café", tags: ["café"] });
  });

  it("may be named after what has a dot in its name, and describe itself with links", () => {
    const title = "Node.js and ASP.NET Workshop 👩🏽\u200D🔬";
    const description = "See https://example.com/rules\nשלום\u200F!";
    const tags = ["node.js", "asp.net"];
    expect(competitionSchema.parse({ ...good, title, description, tags })).toMatchObject({
      title,
      description,
      tags,
    });
  });

  it("is refused with accents piled on a letter, which cover the lines around it", () => {
    const zalgo = `Z${"\u0336\u030a\u0301".repeat(5)}algo`;
    expect(problems({ title: zalgo, description: zalgo, tags: [zalgo] })).toEqual([
      "title",
      "description",
      "tags.0",
    ]);
  });

  it("is refused with more accents than can be put in order soon, before that is tried", () => {
    const normalize = vi.spyOn(String.prototype, "normalize");
    onTestFinished(() => normalize.mockRestore());
    const slow = `a${"\u0301".repeat(1_000)}${"\u0316".repeat(1_000)}`;
    const texts = { title: slow, description: slow, location: slow };
    expect(problems({ ...texts, tags: [slow] })).toEqual(
      expect.arrayContaining(["title", "description", "location", "tags.0"]),
    );
    expect(cancelMessage.safeParse(slow).success).toBe(false);
    expect(normalize.mock.contexts.filter((text) => String(text).includes(slow))).toEqual([]);
  });

  it("is refused with thousands of tags, of which none is looked at", () => {
    const normalize = vi.spyOn(String.prototype, "normalize");
    onTestFinished(() => normalize.mockRestore());
    expect(problems({ tags: Array.from({ length: 10_000 }, () => "x") })).toEqual(["tags"]);
    expect(normalize.mock.contexts).not.toContain("x");
  });

  it("may have tags of 30 letters, as they are kept", () => {
    expect(competitionSchema.parse({ ...good, tags: ["İ".repeat(15)] }).tags).toEqual([
      "i\u0307".repeat(15),
    ]);
    expect(problems({ tags: ["İ".repeat(16)] })).toEqual(["tags.0"]);
  });

  it("is refused with an invisible character in a tag", () => {
    expect(problems({ tags: ["pay\u200bpal"] })).toEqual(["tags.0"]);
  });

  it("is refused with a comma in a tag, which the form would make two of", () => {
    for (const tag of ["a,b", "東京、大阪", "a，b"])
      expect(problems({ tags: [tag] })).toEqual(["tags.0"]);
  });

  it("is refused with a tag of 31 characters, and the tag is named", () => {
    expect(problems({ tags: ["fine", "x".repeat(31)] })).toEqual(["tags.1"]);
  });

  it("is refused with a field that it does not have", () => {
    expect(competitionSchema.safeParse({ ...good, seats: 3 }).success).toBe(false);
  });
});

describe("changes", () => {
  it("hold what was given and nothing else", () => {
    expect(competitionChangesSchema.parse({ capacity: 5 })).toEqual({ capacity: 5 });
    expect(competitionChangesSchema.parse({ startDate: null })).toEqual({ startDate: null });
    expect(competitionChangesSchema.parse({})).toEqual({});
  });

  it("follow the rules of each field", () => {
    expect(competitionChangesSchema.safeParse({ capacity: 0 }).success).toBe(false);
    expect(competitionFields.shape.title.safeParse("").success).toBe(false);
  });
});

it("tags are separated by commas", () => {
  expect(splitTags(" web, , data science,")).toEqual(["web", "data science"]);
});
