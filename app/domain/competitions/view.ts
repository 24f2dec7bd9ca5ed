import type { EntityManager } from "@mikro-orm/postgresql";
import { countSeats, type SeatCount } from "~/domain/registration/index.server";
import type { ServerClock } from "~/platform/clock";
import {
  COMPETITION_COLUMNS_SQL,
  type CompetitionColumns,
  type CompetitionRow,
  type CompetitionStatus,
  instantsOf,
  LISTED_COMPETITION_SQL,
  toCompetitionColumns,
  toListedCompetition,
} from "./columns.sql";
import { IS_PUBLIC_SQL } from "./conditions.sql";

export interface CompetitionView {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  /** The most people the line may hold; 0 for no line. */
  waitlistLimit: number;
  /** When registration opens; null for at once. */
  opensAt: Date | null;
  regDeadline: Date;
  startDate: Date | null;
  endsAt: Date | null;
  /** The time zone that its times are shown in: a name of the IANA database. */
  timeZone: string;
  /** Where it takes place: words, or an address (`linkOf`). */
  location: string | null;
  /** Whether it may start before registration closes. */
  lateEntry: boolean;
  /** Its short address. */
  slug: string;
  createdById: string;
  createdAt: Date;
  updatedAt: Date;
  organizer: { id: string; name: string; email: string };
  /** Counts its edits. */
  version: number;
  /** Confirmed registrations. */
  registrations: number;
  seatsLeft: number;
  /** People in line. */
  waiting: number;
  status: CompetitionStatus;
  /** What its organizer said when they cancelled it. */
  cancelMessage: string | null;
  state: CompetitionState;
  /** The database's clock, by which it was read. */
  clock: ServerClock;
}

/** Whether people can register: not yet, now, or no longer; or why nobody can. */
export type CompetitionState = "opens" | "open" | "full" | "closed" | "draft" | "cancelled";

/** The same in a list, with the start of its description. */
export interface ListedCompetition extends CompetitionView {
  descriptionShortened: boolean;
}

interface ViewRow extends CompetitionRow {
  closed: boolean;
  early: boolean;
  now: Date | string;
  /** When they were asked for, by `performance.now()`. */
  askedAt: number;
  cancel_message: string | null;
  organizer_name: string;
  organizer_email: string;
}

/** Competitions that are not deleted, with their organizer; closed or not by the database's clock. */
const selectCompetitions = (columns: string) => `
  select ${columns}, c.cancel_message, c.reg_deadline <= now() as closed,
         coalesce(c.opens_at > now(), false) as early, now() as now,
         u.name as organizer_name, u.email as organizer_email
    from competition c join "user" u on u.id = c.created_by_id
   where c.deleted_at is null`;

/**
 * Finds competitions as the rest of the application sees them, with their seats.
 *
 * @param rest SQL that goes on after the condition that they are not deleted
 */
export async function findViews(
  em: EntityManager,
  rest: string,
  parameters: (string | number)[],
): Promise<CompetitionView[]> {
  const sql = `${selectCompetitions(COMPETITION_COLUMNS_SQL)}${rest}`;
  return addSeats(await readRows(em, sql, parameters), performance.now(), toCompetitionColumns);
}

/**
 * The same for a list that everybody may see, in two steps: rows, which a search reads within its
 * limits, then their seats.
 */
export function findListedRows(
  em: EntityManager,
  rest: string,
  parameters: (string | number)[],
): Promise<ViewRow[]> {
  return findOwnRows(em, ` and ${IS_PUBLIC_SQL}${rest}`, parameters);
}

/** The same with drafts, for a list of an organizer's own. */
export function findOwnRows(
  em: EntityManager,
  rest: string,
  parameters: (string | number)[],
): Promise<ViewRow[]> {
  return readRows(em, `${selectCompetitions(LISTED_COMPETITION_SQL)}${rest}`, parameters);
}

async function readRows(
  em: EntityManager,
  sql: string,
  parameters: (string | number)[],
): Promise<ViewRow[]> {
  const askedAt = performance.now();
  const rows: Omit<ViewRow, "askedAt">[] = await em.execute(sql, parameters);
  return rows.map((row) => ({ ...row, askedAt }));
}

export function withSeats(rows: ViewRow[]): Promise<ListedCompetition[]> {
  return addSeats(rows, performance.now(), toListedCompetition);
}

/** @param heardAt when the rows arrived, by `performance.now()` */
async function addSeats<Columns extends CompetitionColumns>(
  rows: ViewRow[],
  heardAt: number,
  columnsOf: (row: ViewRow) => Columns,
) {
  const counts = await countSeats(rows.map(({ id }) => id));
  return rows.map((row) => {
    const clock = { said: new Date(row.now).getTime(), askedAt: row.askedAt, heardAt };
    return toView(row, columnsOf(row), counts.get(row.id) ?? NOBODY, clock);
  });
}

const NOBODY: SeatCount = { confirmed: 0, waiting: 0 };

function toView<Columns extends CompetitionColumns>(
  row: ViewRow,
  columns: Columns,
  { confirmed: registrations, waiting }: SeatCount,
  clock: ServerClock,
) {
  // What comes free while people wait is theirs.
  const seatsLeft = waiting > 0 ? 0 : Math.max(0, row.capacity - registrations);
  return {
    ...columns,
    ...instantsOf(columns),
    cancelMessage: row.cancel_message,
    organizer: { id: row.createdById, name: row.organizer_name, email: row.organizer_email },
    registrations,
    seatsLeft,
    waiting,
    state: stateOf(row, seatsLeft),
    clock,
  };
}

function stateOf({ status, closed, early }: ViewRow, seatsLeft: number): CompetitionState {
  if (status !== "published") return status;
  if (closed) return "closed";
  if (early) return "opens";
  return seatsLeft === 0 ? "full" : "open";
}
