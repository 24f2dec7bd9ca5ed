import { type Actor, judge, requireRoleFor } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import {
  type CompetitionRow,
  LISTED_COMPETITION_SQL,
  toListedCompetition,
} from "../competitions/tables";
import { readCursor, writeCursor } from "../cursor";

export interface OwnRegistration {
  id: string;
  userId: string;
  competitionId: string;
  seatNo: number;
  registeredAt: Date;
  competition: {
    id: string;
    title: string;
    /** Its start, as in every list. */
    description: string;
    descriptionShortened: boolean;
    tags: string[];
    capacity: number;
    regDeadline: Date;
    startDate: Date | null;
    createdById: string;
    createdAt: Date;
    updatedAt: Date;
  };
}

export interface Participant {
  id: string;
  seatNo: number;
  registeredAt: Date;
  user: { id: string; name: string; email: string };
}

export type ParticipantOrder = "seat" | "name" | "registeredAt";

/** A user's place in a competition, or null when they have none. */
export async function findRegistration({
  userId,
  competitionId,
}: {
  userId: string;
  competitionId: string;
}): Promise<{ id: string; seatNo: number; registeredAt: Date } | null> {
  if (!isUuid(competitionId)) return null;
  const [row] = await database().execute<{ id: string; seat_no: number; registered_at: string }[]>(
    `select id, seat_no, registered_at from registration
     where competition_id = ? and user_id = ? and status = 'CONFIRMED'`,
    [competitionId, userId],
  );
  if (!row) return null;
  return { id: row.id, seatNo: row.seat_no, registeredAt: new Date(row.registered_at) };
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
      competition: {
        ...columns,
        regDeadline: new Date(columns.regDeadline),
        startDate: columns.startDate === null ? null : new Date(columns.startDate),
        createdAt: new Date(columns.createdAt),
        updatedAt: new Date(columns.updatedAt),
      },
    };
  });
  const last = items.at(-1);
  const isMore = rows.length > limit && last;
  return {
    items,
    nextCursor: isMore ? writeCursor({ at: last.registeredAt.toISOString(), id: last.id }) : null,
  };
}

/** How many registrations one answer holds at most: more would keep everybody else waiting. */
export const OWN_AT_ONCE = 500;

/** How many participants one answer holds at most, for the same reason. */
export const PARTICIPANTS_AT_ONCE = 5_000;

/**
 * Who takes part, for the competition's organizer; null for anybody else.
 *
 * @param afterSeat the seat of the last one on the page before
 * @param skip how many of the order asked for come before
 */
export async function listParticipants({
  actor,
  competitionId,
  sort = "seat",
  limit = PARTICIPANTS_AT_ONCE,
  afterSeat = 0,
  skip = 0,
}: {
  actor: Actor;
  competitionId: string;
  sort?: ParticipantOrder;
  limit?: number;
  afterSeat?: number;
  skip?: number;
}): Promise<Participant[] | null> {
  if (!(await mayReadParticipants(actor, competitionId))) return null;
  // Where names do not decide, only the people of the page are looked up.
  const [inner, outer] = sort === "name" ? ["", "limit ? offset ?"] : ["limit ? offset ?", ""];
  const rows = await database().execute<ParticipantRow[]>(
    `select r.id, r.seat_no, r.registered_at, u.id as user_id, u.name, u.email
     from (select id, user_id, seat_no, registered_at from registration r
           where competition_id = ? and status = 'CONFIRMED' and seat_no > ?
           order by ${sort === "name" ? "seat_no" : ORDER_BY[sort]} ${inner}) r
     join "user" u on u.id = r.user_id
     order by ${ORDER_BY[sort]} ${outer}`,
    [competitionId, afterSeat, limit, skip],
  );
  return rows.map((row) => ({
    id: row.id,
    seatNo: row.seat_no,
    registeredAt: new Date(row.registered_at),
    user: { id: row.user_id, name: row.name, email: row.email },
  }));
}

/**
 * How many were registered by when, one point an hour that saw any; for the organizer's chart, and
 * null for anybody else.
 */
export async function registrationsOverTime({
  actor,
  competitionId,
}: {
  actor: Actor;
  competitionId: string;
}): Promise<{ at: Date; total: number }[] | null> {
  if (!(await mayReadParticipants(actor, competitionId))) return null;
  const rows = await database().execute<{ at: string; total: string }[]>(
    `select date_trunc('hour', registered_at) as at,
       sum(count(*)) over (order by date_trunc('hour', registered_at)) as total
     from registration where competition_id = ? and status = 'CONFIRMED'
     group by 1 order by 1`,
    [competitionId],
  );
  return rows.map((row) => ({ at: new Date(row.at), total: Number(row.total) }));
}

/** Asked before the list is read: a stranger's request must not cost what a long list costs. */
async function mayReadParticipants(actor: Actor, competitionId: string): Promise<boolean> {
  if (!isUuid(competitionId)) return false;
  const [resource] = await database().execute<{ ownerId: string }[]>(
    'select created_by_id as "ownerId" from competition where id = ? and deleted_at is null',
    [competitionId],
  );
  return judge({ actor, action: "read participants", resource }) === "granted";
}

interface ParticipantRow {
  id: string;
  seat_no: number;
  registered_at: string;
  user_id: string;
  name: string;
  email: string;
}

const ORDER_BY: Record<ParticipantOrder, string> = {
  seat: "r.seat_no",
  // Ångström stands under A, whatever the language of the database.
  name: `u.name collate "root_order", r.seat_no`,
  registeredAt: "r.registered_at, r.seat_no",
};
