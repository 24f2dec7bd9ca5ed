import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "../accounts/tables";

/** The columns that an organizer writes: changing one of them is an edit. */
const EDITED = [
  ...["title", "description", "tags", "capacity", "reg_deadline", "start_date"],
  ...["opens_at", "waitlist_limit", "ends_at", "time_zone", "location", "late_entry"],
];
/** The columns that calendars show: changing one of them is a new version of the event. */
const IN_CALENDARS = ["title", "start_date", "ends_at", "location", "deleted_at"];
const differs = (columns: string[]) => {
  const rowOf = (which: "old" | "new") => columns.map((name) => `${which}.${name}`).join(", ");
  return `(${rowOf("old")}) is distinct from (${rowOf("new")})`;
};

export const Competition = defineEntity({
  name: "Competition",
  tableName: "competition",
  properties: {
    id: p.uuid().primary(),
    title: p.string().length(200),
    description: p.text(),
    tags: p.array<string>().columnType("text[]").defaultRaw("'{}'"),
    capacity: p.integer(),
    /** Counts how often Redis may have forgotten holds: those of an earlier epoch are void. */
    seatEpoch: p.integer().default(0).hidden(),
    /** The most people the line may hold; 0 for no line. */
    waitlistLimit: p.integer().default(0),
    /** Numbers in line up to this one can no longer be committed from Redis. */
    lineBase: p.integer().default(0).hidden(),
    /** When registration opens; null for as soon as the competition is published. */
    opensAt: p.datetime(3).nullable(),
    regDeadline: p.datetime(3),
    startDate: p.datetime(3).nullable(),
    endsAt: p.datetime(3).nullable(),
    /** The time zone that its times are shown in: a name of the IANA database. */
    timeZone: p.string().length(64).default("UTC"),
    location: p.string().length(300).nullable(),
    /** Whether it may start before registration closes. */
    lateEntry: p.boolean().default(false),
    /** Its short address; null where the previous release created it. */
    slug: p.string().length(80).nullable(),
    /** Counts edits; a trigger does it, whoever edits. */
    version: p.integer().default(1),
    /** Counts the changes that calendars must hear of; a trigger does it. It tells which event is newer. */
    calendarSequence: p.integer().default(0).hidden(),
    createdBy: () => p.manyToOne(User).ref().deleteRule("restrict"),
    createdAt: p.datetime(3).defaultRaw("now()"),
    updatedAt: p.datetime(3).defaultRaw("now()"),
    /** Null for a draft, which has no seats yet and which only its organizer knows. */
    publishedAt: p.datetime(3).nullable().defaultRaw("now()"),
    /** When it was cancelled; nothing undoes that. */
    cancelledAt: p.datetime(3).nullable(),
    /** What its organizer said to everybody then. */
    cancelMessage: p.string().length(1_000).nullable(),
    deletedAt: p.datetime(3).nullable(),
  },
  checks: [
    { name: "competition_capacity_check", expression: "capacity >= 1 and capacity <= 100000" },
    { name: "competition_opens_check", expression: "opens_at < reg_deadline" },
    {
      name: "competition_waitlist_limit_check",
      expression: "waitlist_limit >= 0 and waitlist_limit <= 100000",
    },
  ],
  uniques: [{ name: "competition_slug_unique", properties: ["slug"] }],
  triggers: [
    {
      name: "counts_edits",
      timing: "before",
      events: ["update"],
      body: `if ${differs(EDITED)} then new.version := old.version + 1; end if; return new`,
    },
    {
      name: "counts_calendar_changes",
      timing: "before",
      events: ["update"],
      body: `if ${differs(IN_CALENDARS)} then new.calendar_sequence := old.calendar_sequence + 1; end if; return new`,
    },
  ],
  indexes: [
    { name: "competition_newest_index", properties: ["createdAt", "id"] },
    { name: "competition_created_by_index", properties: ["createdBy"] },
    { name: "competition_start_index", properties: ["startDate"] },
    {
      name: "competition_day_index",
      expression: `create index "competition_day_index" on "competition" (greatest("start_date", "reg_deadline"), "id") where deleted_at is null`,
    },
    {
      name: "competition_past_index",
      expression: `create index "competition_past_index" on "competition" (coalesce("ends_at", "start_date"), "id") where deleted_at is null`,
    },
    {
      name: "competition_opening_index",
      expression: `create index "competition_opening_index" on "competition" ("opens_at", "id") where deleted_at is null and opens_at is not null`,
    },
    { name: "competition_updated_index", properties: ["updatedAt"] },
    // Finds competitions whose deadline has just passed: those in line are told.
    { name: "competition_deadline_index", properties: ["regDeadline"] },
    {
      name: "competition_deleted_index",
      expression: `create index "competition_deleted_index" on "competition" ("deleted_at", "id") where deleted_at is not null`,
    },
    {
      name: "competition_tags_index",
      expression: `create index "competition_tags_index" on "competition" using gin ("tags")`,
    },
    {
      name: "competition_words_index",
      expression: `create index "competition_words_index" on "competition" using gin (competition_words("title", "description", "tags") gin_trgm_ops)`,
    },
    {
      name: "competition_place_index",
      expression: `create index "competition_place_index" on "competition" using gin (plain_words("location") gin_trgm_ops)`,
    },
    {
      // Their migrations make all three only where the server has pg_trgm. The last one is the previous
      // release's.
      name: "competition_search_index",
      expression: `create index "competition_search_index" on "competition" using gin (competition_search_text("title", "description", "tags") gin_trgm_ops)`,
    },
  ],
});

export type Competition = InferEntity<typeof Competition>;

/** The picture that previews of links show of a competition. */
export const CoverImage = defineEntity({
  name: "CoverImage",
  tableName: "cover_image",
  properties: {
    competition: () => p.manyToOne(Competition).ref().primary().deleteRule("cascade"),
    /** What was drawn, in short: another title is another look. */
    look: p.string().length(22),
    png: p.blob().columnType("bytea"),
    drawnAt: p.datetime(3).defaultRaw("now()"),
  },
});

/**
 * A change of time or place that people are still to be told of, and what they know so far. Several changes
 * in a row become one.
 */
export const CompetitionChange = defineEntity({
  name: "CompetitionChange",
  tableName: "competition_change",
  properties: {
    id: p.uuid().primary(),
    competition: () => p.manyToOne(Competition).ref().deleteRule("cascade").index(false),
    /** What was said before, by column. */
    was: p.json<Record<string, string | null>>(),
    /** What people were told instead; null until they are. */
    becomes: p.json<Record<string, string | null>>().nullable(),
    /** Since when: who came later, and before the last change, was told something in between. */
    notedAt: p.datetime(3).defaultRaw("now()"),
    changedAt: p.datetime(3).defaultRaw("clock_timestamp()"),
    toldAt: p.datetime(3).nullable(),
  },
  indexes: [
    {
      name: "competition_change_untold_unique",
      expression: `create unique index "competition_change_untold_unique" on "competition_change" ("competition_id") where told_at is null`,
    },
    { name: "competition_change_competition_index", properties: ["competition", "toldAt"] },
  ],
});

export type CompetitionChange = InferEntity<typeof CompetitionChange>;
