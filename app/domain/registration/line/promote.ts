import type { EntityManager } from "@mikro-orm/postgresql";
import { orderMailSql } from "~/domain/mail/index.server";
import type { Statement } from "~/platform/orm";
import { TAKES_PLACE_SQL } from "../../competitions/conditions.sql";
import type { Promoted } from "../seats/settle";

/** Promoted in one transaction: so many hold the competition's lock for less than a tenth of a second. */
export const PROMOTED_AT_ONCE = 250;

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
  const chosen = [competitionId, given, given];
  const parameters = [...chosen, ...chosen, most, competitionId, competitionId, isClosed];
  return toPromoted(await em.execute(PROMOTE, parameters));
}

/** `promote` as a statement, for the seats that an earlier one of its transaction has freed. */
export function promoteFreedStatement(competitionId: string): Statement {
  const [id, most] = [competitionId, String(PROMOTED_AT_ONCE)];
  return { sql: PROMOTE_FREED, parameters: [id, id, most, id, id, "false"] };
}

/** A row of what promoting answers. */
export interface PromotedRow {
  id: string;
  user_id: string;
  seat_no: number;
}

export function toPromoted(rows: PromotedRow[]): Promoted[] {
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

/**
 * By the clock, not by the transaction's start: it may have waited for the lock while the deadline moved.
 * Free seats are a difference, and handed out from a list: a join, of tables that nobody has counted yet,
 * compared each seat with each person, for seconds. (`limit null` would be no limit.)
 */
const promoteSql = (isAskedFor: string) => `
with free as (
  select coalesce(array_agg(seat_no order by seat_no), '{}') as seats from (
    select seat_no from seat where competition_id = ? and ${isAskedFor}
    except
    select seat_no from registration
     where competition_id = ? and seat_no is not null and ${isAskedFor}
    order by seat_no limit ?) few
), first as (
  select r.id, row_number() over (order by r.line_no) as turn from registration r
   where r.competition_id = ? and r.status = 'WAITLISTED' and exists (
     select from competition c
      where c.id = ? and ${TAKES_PLACE_SQL} and (c.reg_deadline > clock_timestamp()) <> ?::boolean)
   order by r.line_no limit (select cardinality(seats) from free)
), promoted as (
  update registration r
     set status = 'CONFIRMED', seat_no = free.seats[first.turn], promoted_at = statement_timestamp(),
         updated_at = statement_timestamp()
    from first, free where r.id = first.id
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

const PROMOTE = promoteSql("(?::int[] is null or seat_no = any(?::int[]))");
const PROMOTE_FREED = promoteSql("seat_no = any(current_setting('registration.freed')::int[])");
