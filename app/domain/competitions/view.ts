import type { EntityManager } from "@mikro-orm/postgresql";
import { countConfirmed } from "~/domain/registration/index.server";
import { COMPETITION_COLUMNS_SQL, type CompetitionRow, toCompetitionColumns } from "./tables";

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
  /** Confirmed registrations. */
  registrations: number;
  seatsLeft: number;
  state: "open" | "full" | "closed";
}

interface ViewRow extends CompetitionRow {
  closed: boolean;
  organizer_name: string;
  organizer_email: string;
}

/** Competitions that are not deleted, with their organizer; closed or not by the database's clock. */
const SELECT_COMPETITIONS = `
  select ${COMPETITION_COLUMNS_SQL}, c.reg_deadline <= now() as closed,
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
  const rows: ViewRow[] = await em.execute(`${SELECT_COMPETITIONS}${rest}`, parameters);
  const confirmed = await countConfirmed(rows.map(({ id }) => id));
  return rows.map((row) => toView(row, confirmed.get(row.id) ?? 0));
}

function toView(row: ViewRow, registrations: number): CompetitionView {
  const columns = toCompetitionColumns(row);
  const seatsLeft = Math.max(0, row.capacity - registrations);
  return {
    ...columns,
    regDeadline: new Date(columns.regDeadline),
    startDate: columns.startDate === null ? null : new Date(columns.startDate),
    createdAt: new Date(columns.createdAt),
    updatedAt: new Date(columns.updatedAt),
    organizer: { id: row.createdById, name: row.organizer_name, email: row.organizer_email },
    registrations,
    seatsLeft,
    state: row.closed ? "closed" : seatsLeft === 0 ? "full" : "open",
  };
}
