import type { EntityManager } from "@mikro-orm/postgresql";
import { countConfirmed } from "~/domain/registration/index.server";
import {
  COMPETITION_COLUMNS_SQL,
  type CompetitionColumns,
  type CompetitionRow,
  LISTED_COMPETITION_SQL,
  toCompetitionColumns,
  toListedCompetition,
} from "./tables";

export interface CompetitionView {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  regDeadline: Date;
  startDate: Date | null;
  createdById: string;
  createdAt: Date;
  updatedAt: Date;
  organizer: { id: string; name: string; email: string };
  /** Counts its edits. */
  version: number;
  /** Confirmed registrations. */
  registrations: number;
  seatsLeft: number;
  state: "open" | "full" | "closed";
}

/** The same in a list, with the start of its description. */
export interface ListedCompetition extends CompetitionView {
  descriptionShortened: boolean;
}

interface ViewRow extends CompetitionRow {
  closed: boolean;
  version: number;
  organizer_name: string;
  organizer_email: string;
}

/** Competitions that are not deleted, with their organizer; closed or not by the database's clock. */
const selectCompetitions = (columns: string) => `
  select ${columns}, c.version, c.reg_deadline <= now() as closed,
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
  const rows: ViewRow[] = await em.execute(sql, parameters);
  const confirmed = await countConfirmed(rows.map(({ id }) => id));
  return rows.map((row) => toView(row, toCompetitionColumns(row), confirmed.get(row.id) ?? 0));
}

/** The same for a list, in two steps: rows, which a search reads within its limits, then their seats. */
export function findListedRows(
  em: EntityManager,
  rest: string,
  parameters: (string | number)[],
): Promise<ViewRow[]> {
  return em.execute(`${selectCompetitions(LISTED_COMPETITION_SQL)}${rest}`, parameters);
}

export async function withSeats(rows: ViewRow[]): Promise<ListedCompetition[]> {
  const confirmed = await countConfirmed(rows.map(({ id }) => id));
  return rows.map((row) => toView(row, toListedCompetition(row), confirmed.get(row.id) ?? 0));
}

function toView<Columns extends CompetitionColumns>(
  row: ViewRow,
  columns: Columns,
  registrations: number,
) {
  const seatsLeft = Math.max(0, row.capacity - registrations);
  const state: CompetitionView["state"] = row.closed ? "closed" : seatsLeft === 0 ? "full" : "open";
  return {
    ...columns,
    regDeadline: new Date(columns.regDeadline),
    startDate: columns.startDate === null ? null : new Date(columns.startDate),
    createdAt: new Date(columns.createdAt),
    updatedAt: new Date(columns.updatedAt),
    version: row.version,
    organizer: { id: row.createdById, name: row.organizer_name, email: row.organizer_email },
    registrations,
    seatsLeft,
    state,
  };
}
