import type { EntityManager } from "@mikro-orm/postgresql";
import { countSeats } from "~/domain/registration/index.server";

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

/** A row of the query below. */
export interface CompetitionRow {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  reg_deadline: string;
  start_date: string | null;
  created_by_id: string;
  created_at: string;
  updated_at: string;
  closed: boolean;
  organizer_name: string;
  organizer_email: string;
}

/** Competitions that are not deleted, with their organizer; closed or not by the database's clock. */
export const SELECT_COMPETITIONS = `
  select c.id, c.title, c.description, c.tags, c.capacity, c.reg_deadline, c.start_date,
         c.created_by_id, c.created_at, c.updated_at, c.reg_deadline <= now() as closed,
         u.name as organizer_name, u.email as organizer_email
    from competition c join "user" u on u.id = c.created_by_id
   where c.deleted_at is null`;

/** Rows as the rest of the application sees them, with their seats: one round trip for all of them. */
export async function toViews(
  em: EntityManager,
  rows: CompetitionRow[],
): Promise<CompetitionView[]> {
  const confirmed = await countConfirmed(
    em,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => toView(row, confirmed.get(row.id) ?? 0));
}

function toView(row: CompetitionRow, confirmed: number): CompetitionView {
  const seatsLeft = Math.max(0, row.capacity - confirmed);
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    tags: row.tags,
    capacity: row.capacity,
    regDeadline: new Date(row.reg_deadline),
    startDate: row.start_date === null ? null : new Date(row.start_date),
    createdById: row.created_by_id,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    organizer: { id: row.created_by_id, name: row.organizer_name, email: row.organizer_email },
    registrations: confirmed,
    seatsLeft,
    state: row.closed ? "closed" : seatsLeft === 0 ? "full" : "open",
  };
}

/** Confirmed registrations by competition: what Redis knows, and one grouped query for the rest. */
async function countConfirmed(em: EntityManager, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const known = await countSeats(ids);
  const counts = new Map<string, number>();
  for (const [id, { confirmed }] of known ?? []) counts.set(id, confirmed);
  const unknown = ids.filter((id) => !counts.has(id));
  if (unknown.length === 0) return counts;
  const rows: { id: string; confirmed: number }[] = await em.execute(
    `select competition_id as id, count(*)::int as confirmed from registration
      where competition_id = any(?::uuid[]) and seat_no is not null group by competition_id`,
    [`{${unknown.join(",")}}`],
  );
  for (const { id, confirmed } of rows) counts.set(id, confirmed);
  return counts;
}
