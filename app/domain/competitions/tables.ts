import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "../accounts/tables";
import { READ, shorten } from "./shorten";

/** The columns that an organizer writes: a change of one of them is an edit. */
const EDITED = [
  ...["title", "description", "tags", "capacity", "reg_deadline", "start_date"],
  ...["opens_at", "waitlist_limit", "ends_at", "time_zone", "location", "late_entry"],
];
/** The columns that calendars show: a change of one of them is a new version of the event. */
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
    /** The most people in line; 0: there is no line. */
    waitlistLimit: p.integer().default(0),
    /** Numbers in line up to this one can no longer be committed from Redis. */
    lineBase: p.integer().default(0).hidden(),
    /** When registration opens; null is as soon as the competition is there. */
    opensAt: p.datetime(3).nullable(),
    regDeadline: p.datetime(3),
    startDate: p.datetime(3).nullable(),
    endsAt: p.datetime(3).nullable(),
    /** By whose clocks its times are shown: a name of the IANA database. */
    timeZone: p.string().length(64).default("UTC"),
    location: p.string().length(300).nullable(),
    /** Whether it may start before registration closes. */
    lateEntry: p.boolean().default(false),
    /** Its short address; none where the release before created it. */
    slug: p.string().length(80).nullable(),
    /** Counts edits; a trigger does, whoever edits. */
    version: p.integer().default(1),
    /** Counts what calendars have to hear of; a trigger does. By it they know a newer event. */
    calendarSequence: p.integer().default(0).hidden(),
    createdBy: () => p.manyToOne(User).ref().deleteRule("restrict"),
    createdAt: p.datetime(3).defaultRaw("now()"),
    updatedAt: p.datetime(3).defaultRaw("now()"),
    /** Null in a draft, which has no seats yet and which nobody but its organizer knows of. */
    publishedAt: p.datetime(3).nullable().defaultRaw("now()"),
    /** Once it does not take place; nothing undoes that. */
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
    // Whose deadline has just passed: those in line are told.
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
      // All three are made by their migrations only where the server has pg_trgm. This last one is the release
      // before's.
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
 * A change of time or place of which people are still to be told, and what they know of it. Several
 * changes in a row are one.
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

export const COMPETITION_STATUSES = ["draft", "published", "cancelled"] as const;
export type CompetitionStatus = (typeof COMPETITION_STATUSES)[number];

/** A competition's columns under the names of the API, as JSON has them: dates are ISO strings. */
export interface CompetitionColumns {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  waitlistLimit: number;
  opensAt: string | null;
  regDeadline: string;
  startDate: string | null;
  endsAt: string | null;
  timeZone: string;
  location: string | null;
  lateEntry: boolean;
  slug: string;
  status: CompetitionStatus;
  createdById: string;
  createdAt: string;
  updatedAt: string;
  version: number;
}

/** SQL for the status of a competition `c`. */
const STATUS_SQL = `case when c.cancelled_at is not null then 'cancelled'
  when c.published_at is null then 'draft' else 'published' end`;

/** The column of each, of a competition `c`. */
const COLUMNS: Record<keyof CompetitionColumns, string> = {
  id: "c.id",
  title: "c.title",
  description: "c.description",
  tags: "c.tags",
  capacity: "c.capacity",
  waitlistLimit: "c.waitlist_limit",
  opensAt: "c.opens_at",
  regDeadline: "c.reg_deadline",
  startDate: "c.start_date",
  endsAt: "c.ends_at",
  timeZone: "c.time_zone",
  location: "c.location",
  lateEntry: "c.late_entry",
  slug: "coalesce(c.slug, c.id::text)",
  status: STATUS_SQL,
  createdById: "c.created_by_id",
  createdAt: "c.created_at",
  updatedAt: "c.updated_at",
  version: "c.version",
};
const NAMES = Object.keys(COLUMNS) as (keyof CompetitionColumns)[];

const DATES = ["opensAt", "regDeadline", "startDate", "endsAt"] as const;
const INSTANTS = [...DATES, "createdAt", "updatedAt"] as const;
type Instant = (typeof INSTANTS)[number];
const isInstant = (name: keyof CompetitionColumns): name is Instant =>
  INSTANTS.some((instant) => instant === name);

/** SQL for a competition `c`'s columns. */
export const COMPETITION_COLUMNS_SQL = NAMES.map((name) => `${COLUMNS[name]} as "${name}"`).join();

/** The same for lists, which show the start of a description: the rest never leaves Postgres. */
export const LISTED_COMPETITION_SQL = COMPETITION_COLUMNS_SQL.replace(
  "c.description",
  `left(c.description, ${READ})`,
);

const isoSql = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL for the `CompetitionColumns` of a competition `c`, made into JSON without spaces by Postgres. */
export const COMPETITION_JSON_SQL = `(select row_to_json(said) from (select ${NAMES.map(
  (name) => `${isInstant(name) ? isoSql(COLUMNS[name]) : COLUMNS[name]} as "${name}"`,
).join()}) said)`;

/** A row of `COMPETITION_COLUMNS_SQL`: the driver gives timestamps as text or dates. */
export type CompetitionRow = {
  [Name in keyof CompetitionColumns]: Name extends Instant
    ? Date | Extract<CompetitionColumns[Name], string | null>
    : CompetitionColumns[Name];
};

/** The columns of a row, and nothing else that the row may hold. */
export function toCompetitionColumns(row: CompetitionRow): CompetitionColumns {
  const columns = NAMES.map((name) => [name, isInstant(name) ? toIso(row[name]) : row[name]]);
  return Object.fromEntries(columns) as CompetitionColumns;
}

/** The columns of a row of `LISTED_COMPETITION_SQL`. */
export function toListedCompetition(
  row: CompetitionRow,
): CompetitionColumns & { descriptionShortened: boolean } {
  const { text, isShortened } = shorten(row.description);
  return { ...toCompetitionColumns(row), description: text, descriptionShortened: isShortened };
}

/** The instants among a competition's columns, as dates. */
export function instantsOf(columns: CompetitionColumns) {
  const dateOf = (value: string | null) => (value === null ? null : new Date(value));
  return {
    opensAt: dateOf(columns.opensAt),
    regDeadline: new Date(columns.regDeadline),
    startDate: dateOf(columns.startDate),
    endsAt: dateOf(columns.endsAt),
    createdAt: new Date(columns.createdAt),
    updatedAt: new Date(columns.updatedAt),
  };
}

function toIso(value: Date | string | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}

/** SQL for whether everybody may know of a competition `c`: a cancelled one stays as a notice. */
export const IS_PUBLIC_SQL = "c.deleted_at is null and c.published_at is not null";

/** SQL for whether a competition `c` takes place, as far as anybody can know. */
export const TAKES_PLACE_SQL = `${IS_PUBLIC_SQL} and c.cancelled_at is null`;

/** SQL for whether a competition `c` takes place and its registration has not closed. */
const IS_NOT_OVER_SQL = `${TAKES_PLACE_SQL} and c.reg_deadline > now()`;

/** By how much the clocks of Redis and the database may differ at an opening. */
const TOLERANCE_SQL = "interval '2 seconds'";

/**
 * SQL for whether a competition `c` has not opened for a request `i`. Where Redis let it in, which an
 * epoch tells, Redis' clock is the judge, and this a guard against one that is wrong.
 */
export const IS_EARLY_SQL = `coalesce(c.opens_at > now() + case when i.epoch is null
  then interval '0' else ${TOLERANCE_SQL} end, false)`;

/** SQL for whether a competition `c` takes the registration of a request `i`, by the database's clock. */
export const IS_OPEN_SQL = `${IS_NOT_OVER_SQL} and not ${IS_EARLY_SQL}`;

/** Makes all holds of a competition's seats void: those that Redis gave before it forgot. */
export const RAISE_SEAT_EPOCH_SQL =
  "update competition set seat_epoch = seat_epoch + 1 where id = ?";

/** Makes numbers in line void that Redis gave and nobody committed. @param ? the highest of them, and the id */
export const RAISE_LINE_BASE_SQL =
  "update competition set line_base = greatest(line_base, ?) where id = ?";

/**
 * Raises the epochs of all competitions of a database that came back from a backup: whatever was counted
 * since, the seconds of this century are further on.
 */
export const RAISE_ALL_SEAT_EPOCHS_SQL = `update competition
  set seat_epoch = greatest(seat_epoch, extract(epoch from now() - timestamptz '2020-01-01Z')::int) + 1`;
