import { READ, shorten } from "./shorten";

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

/** The columns of a row, and nothing else that is in the row. */
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
