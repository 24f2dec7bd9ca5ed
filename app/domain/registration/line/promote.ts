import type { EntityManager } from "@mikro-orm/postgresql";
import { orderMailSql } from "~/domain/mail/index.server";
import type { Promoted } from "../seats/settle";

/** Promoted in one transaction: so many hold the competition's lock for less than a tenth of a second. */
export const PROMOTED_AT_ONCE = 1_000;

/**
 * Gives free seats to the first in line, in the order of their numbers, within the caller's transaction,
 * which has the competition's lock alone. Whatever frees a seat calls this; what it returns is settled
 * with Redis after the commit. Nobody is promoted after the deadline, unless the organizer does it.
 *
 * @param seats by number, those of them that Postgres has free; null for every free one
 * @param most people
 */
export async function promote(
  em: EntityManager,
  asked: { competitionId: string; seats: number[] | null; most?: number; isClosed?: boolean },
): Promise<Promoted[]> {
  const { competitionId, seats, most = PROMOTED_AT_ONCE, isClosed = false } = asked;
  const given = seats && `{${seats.join(",")}}`;
  const parameters = [competitionId, given, given, most, competitionId, isClosed];
  const rows: PromotedRow[] = await em.execute(PROMOTE, parameters);
  return rows.map((row) => ({
    userId: row.user_id,
    registrationId: row.id,
    seatNo: row.seat_no,
  }));
}

/** Somebody who was promoted, for the organizer. */
export interface PromotedPerson {
  id: string;
  seatNo: number;
  user: { id: string; name: string; email: string };
}

/** The same after the deadline, for as many as the organizer says, of whatever seats are free. */
export async function promoteByHand(
  em: EntityManager,
  { competitionId, count }: { competitionId: string; count: number },
): Promise<PromotedPerson[]> {
  const asked = { competitionId, seats: null, most: count, isClosed: true };
  const promoted = await promote(em, asked);
  const ids = `{${promoted.map(({ userId }) => userId).join(",")}}`;
  const users: PromotedPerson["user"][] = await em.execute(
    'select id, name, email from "user" where id = any(?::uuid[])',
    [ids],
  );
  const byId = new Map(users.map((user) => [user.id, user]));
  return promoted
    .flatMap(({ userId, registrationId: id, seatNo }) => {
      const user = byId.get(userId);
      return user ? [{ id, seatNo, user }] : [];
    })
    .sort((one, other) => one.seatNo - other.seatNo);
}

interface PromotedRow {
  id: string;
  user_id: string;
  seat_no: number;
}

/** By the clock, not by the transaction's start: it may have waited for the lock while the deadline moved. */
const PROMOTE = `
with free as (
  select s.seat_no, row_number() over (order by s.seat_no) as turn
    from seat s
   where s.competition_id = ? and (?::int[] is null or s.seat_no = any(?::int[])) and not exists (
     select from registration r where r.competition_id = s.competition_id and r.seat_no = s.seat_no)
   order by s.seat_no limit ?
), first as (
  select r.id, row_number() over (order by r.line_no) as turn
    from competition c join registration r on r.competition_id = c.id and r.status = 'WAITLISTED'
   where c.id = ? and c.deleted_at is null and (c.reg_deadline > clock_timestamp()) <> ?::boolean
   order by r.line_no limit (select count(*) from free)
), promoted as (
  update registration r
     set status = 'CONFIRMED', seat_no = free.seat_no, promoted_at = clock_timestamp(),
         updated_at = clock_timestamp()
    from first join free using (turn) where r.id = first.id
  returning r.id, r.user_id, r.seat_no
), ordered as (
  ${orderMailSql({
    kind: "registration.promoted",
    dedupeKey: "'promoted:' || id",
    payload: { registrationId: "id" },
    from: "promoted",
  })}
)
select id, user_id, seat_no from promoted`;
