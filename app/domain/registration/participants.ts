import { type Actor, judge } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { orderSql, type Sort } from "../paging";
import { hasWordsSql, plainSql, searching, wordsOf } from "../searching";

export interface Participant {
  id: string;
  seatNo: number;
  registeredAt: Date;
  user: { id: string; name: string; email: string };
}

/** What an organizer can sort participants by. */
export type ParticipantOrder = "seat" | "name" | "registeredAt";

/** The most participants in one answer: more would keep everybody else waiting. */
export const PARTICIPANTS_AT_ONCE = 5_000;

interface Asked {
  actor: Actor;
  competitionId: string;
  /** Words that name and address must have, in any order, whatever their case and accents. */
  q?: string;
}

/**
 * Who takes part, for the competition's organizer; null for anybody else.
 *
 * @param afterSeat the seat of the last one on the page before
 * @param skip how many to leave out at the start, in the order asked for
 * @throws DomainError `unavailable` when a search takes too long
 */
export async function listParticipants(
  asked: Asked & {
    sort?: Sort<ParticipantOrder>;
    limit?: number;
    afterSeat?: number;
    skip?: number;
  },
): Promise<Participant[] | null> {
  const { actor, competitionId, sort = { by: "seat", descending: false } } = asked;
  if (!(await mayReadParticipants(actor, competitionId))) return null;
  const words = wordsOf(asked.q ?? "");
  const order = orderSql(ORDER_BY[sort.by], "r.seat_no", sort.descending);
  const piece = [asked.limit ?? PARTICIPANTS_AT_ONCE, asked.skip ?? 0];
  // Unless names decide, only the people of this page are looked up.
  const isCutEarly = sort.by !== "name" && words.length === 0;
  const [inner, outer] = isCutEarly ? [`${order} limit ? offset ?`, ""] : ["", "limit ? offset ?"];
  const sql = `select r.id, r.seat_no, r.registered_at, u.id as user_id, u.name, u.email
     from (select id, user_id, seat_no, registered_at from registration r
           where competition_id = ? and status = 'CONFIRMED' and seat_no > ? ${inner}) r
     join "user" u on u.id = r.user_id
     where true${hasWordsSql(PERSON_SQL, words)} ${order} ${outer}`;
  // The piece's parameters are in only one of the two, and the words' come between them.
  const parameters = isCutEarly ? [...piece, ...words] : [...words, ...piece];
  const rows = await readPeople<ParticipantRow>(sql, {
    parameters: [competitionId, asked.afterSeat ?? 0, ...parameters],
    isSearch: words.length > 0,
  });
  return rows.map((row) => ({
    id: row.id,
    seatNo: row.seat_no,
    registeredAt: new Date(row.registered_at),
    user: { id: row.user_id, name: row.name, email: row.email },
  }));
}

/**
 * How many `listParticipants` finds in all; null for anybody but the competition's organizer.
 *
 * @throws DomainError `unavailable` when a search takes too long
 */
export function countParticipants(asked: Asked): Promise<number | null> {
  return countPeople(asked, "CONFIRMED");
}

/** The same of those with a seat, or of those in line. */
export async function countPeople(
  { actor, competitionId, q = "" }: Asked,
  status: "CONFIRMED" | "WAITLISTED",
): Promise<number | null> {
  if (!(await mayReadParticipants(actor, competitionId))) return null;
  const words = wordsOf(q);
  const [counted] = await readPeople<{ total: number }>(
    `select count(*)::int as total from registration r join "user" u on u.id = r.user_id
     where r.competition_id = ? and r.status = ?${hasWordsSql(PERSON_SQL, words)}`,
    { parameters: [competitionId, status, ...words], isSearch: words.length > 0 },
  );
  return counted?.total ?? 0;
}

/** Reads a list of people; a search, within the limits of searches. */
export function readPeople<Row>(
  sql: string,
  { parameters, isSearch }: { parameters: (string | number)[]; isSearch: boolean },
): Promise<Row[]> {
  if (!isSearch) return database().execute(sql, parameters);
  return searching((em) => em.execute(sql, parameters));
}

/** What people are searched by: name and address. */
export const PERSON_SQL = plainSql("(u.name || ' ' || u.email)");

/**
 * How many were registered by when, for the organizer's chart: one point for each hour that saw any.
 * Null for anybody else.
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
export async function mayReadParticipants(actor: Actor, competitionId: string): Promise<boolean> {
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
  name: 'u.name collate "root_order"',
  registeredAt: "r.registered_at",
};
