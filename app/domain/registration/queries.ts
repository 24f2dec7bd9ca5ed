import { type Actor, requireRoleFor } from "~/domain/access";
import { inBatches } from "~/platform/batch";
import { isUuid } from "~/platform/ids";
import { database, executePrepared } from "~/platform/orm";
import {
  type CompetitionRow,
  instantsOf,
  LISTED_COMPETITION_SQL,
  toListedCompetition,
} from "../competitions/columns.sql";
import { readCursor, writeCursor } from "../cursor";

type Instants = ReturnType<typeof instantsOf>;

export interface OwnRegistration {
  id: string;
  userId: string;
  competitionId: string;
  seatNo: number;
  registeredAt: Date;
  /** With the start of its description, as in every list. */
  competition: Omit<ReturnType<typeof toListedCompetition>, keyof Instants> & Instants;
}

/** A seat, or a number in line while there is no seat. */
export type Held = { id: string /** When they got it. */; since: Date } & (
  | { seatNo: number; lineNo: null }
  | { seatNo: null; lineNo: number }
);

/** What a user has in a competition; null for neither seat nor place, or a deleted competition. */
export async function findRegistration({
  userId,
  competitionId,
}: {
  userId: string;
  competitionId: string;
}): Promise<Held | null> {
  if (!isUuid(competitionId)) return null;
  const row = await findHeld({ userId, competitionId });
  if (!row) return null;
  const { id, seat_no: seatNo, line_no: lineNo } = row;
  const since = new Date(row.since);
  return seatNo === null ? { id, since, seatNo, lineNo } : { id, since, seatNo, lineNo: null };
}

interface HeldRow {
  id: string;
  user_id: string;
  seat_no: number | null;
  line_no: number;
  since: string;
}

/** The most people one query asks for. */
const HELD_AT_ONCE = 200;

const FIND_HELD = `
select r.id, r.user_id, r.seat_no, r.line_no, coalesce(r.promoted_at, r.registered_at) as since
  from registration r join competition c on c.id = r.competition_id and c.deleted_at is null
 where r.competition_id = ?::uuid and r.user_id = any(?::uuid[]) and r.status <> 'CANCELLED'`;

/** In a rush everybody asks about the same competition: requests that arrive meanwhile share a query. */
const findHeld = inBatches<{ userId: string; competitionId: string }, HeldRow | null>({
  keyOf: ({ competitionId }) => competitionId,
  most: HELD_AT_ONCE,
  inFlight: 1,
  async run(asked, competitionId) {
    const users = `{${asked.map(({ userId }) => userId)}}`;
    const rows = await executePrepared<HeldRow>(database(), FIND_HELD, [competitionId, users]);
    const held = new Map(rows.map((row) => [row.user_id, row]));
    return asked.map(({ userId }) => held.get(userId) ?? null);
  },
});

/** In which of these competitions somebody has a seat, and in which a place in line. */
export async function findHeldOf(asked: {
  userId: string;
  competitionIds: string[];
}): Promise<Map<string, "a seat" | "a place">> {
  const rows: { id: string; held: "a seat" | "a place" }[] = await database().execute(
    `select competition_id as id, case when seat_no is null then 'a place' else 'a seat' end as held
       from registration
      where user_id = ? and competition_id = any(?::uuid[]) and status <> 'CANCELLED'`,
    [asked.userId, `{${asked.competitionIds}}`],
  );
  return new Map(rows.map(({ id, held }) => [id, held]));
}

/**
 * A participant's own registrations, the newest first; those of deleted competitions are left out.
 *
 * @param cursor the `nextCursor` of the page before
 * @throws DomainError `forbidden` for anybody else, `validation_failed` when the cursor did not come
 *   from here
 */
export async function listOwnRegistrations({
  actor,
  limit = OWN_AT_ONCE,
  cursor,
}: {
  actor: Actor;
  limit?: number;
  cursor?: string;
}): Promise<{ items: OwnRegistration[]; nextCursor: string | null }> {
  requireRoleFor({ actor, action: "list own registrations" });
  const after = cursor ? readCursor(cursor) : null;
  const rows = await database().execute<
    (CompetitionRow & { registration_id: string; seat_no: number; registered_at: string })[]
  >(
    `select r.id as registration_id, r.seat_no, r.registered_at, ${LISTED_COMPETITION_SQL}
     from registration r join competition c on c.id = r.competition_id
     where r.user_id = ? and r.status = 'CONFIRMED' and c.deleted_at is null
     ${after ? "and (r.registered_at, r.id) < (?::timestamptz, ?::uuid)" : ""}
     order by r.registered_at desc, r.id desc limit ?`,
    // One more than is shown tells whether there is a next page.
    [actor.id, ...(after ? [after.at, after.id] : []), limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => {
    const columns = toListedCompetition(row);
    return {
      id: row.registration_id,
      userId: actor.id,
      competitionId: row.id,
      seatNo: row.seat_no,
      registeredAt: new Date(row.registered_at),
      competition: { ...columns, ...instantsOf(columns) },
    };
  });
  const last = items.at(-1);
  const isMore = rows.length > limit && last;
  return {
    items,
    nextCursor: isMore ? writeCursor({ at: last.registeredAt.toISOString(), id: last.id }) : null,
  };
}

/** The most registrations in one answer: more would keep everybody else waiting. */
export const OWN_AT_ONCE = 500;
