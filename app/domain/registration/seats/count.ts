import { database } from "~/platform/orm";
import { tryRedis } from "~/platform/redis";
import { seatKeys } from "./redis";

/** How many have a seat in a competition, and how many wait for one. */
export interface SeatCount {
  confirmed: number;
  waiting: number;
}

/**
 * Counts for each competition: from Redis in one round trip, and by one grouped query for those that
 * Redis does not know.
 */
export async function countSeats(competitionIds: string[]): Promise<Map<string, SeatCount>> {
  const counts = await countInRedis(competitionIds);
  const unknown = competitionIds.filter((id) => !counts.has(id));
  if (unknown.length === 0) return counts;
  const rows: (SeatCount & { id: string })[] = await database().execute(
    `select competition_id as id, count(seat_no)::int as confirmed,
       (count(*) - count(seat_no))::int as waiting from registration
      where competition_id = any(?::uuid[]) and status <> 'CANCELLED' group by competition_id`,
    [`{${unknown.join(",")}}`],
  );
  for (const id of unknown) counts.set(id, { confirmed: 0, waiting: 0 });
  for (const { id, confirmed, waiting } of rows) counts.set(id, { confirmed, waiting });
  return counts;
}

async function countInRedis(competitionIds: string[]): Promise<Map<string, SeatCount>> {
  const counts = new Map<string, SeatCount>();
  if (competitionIds.length === 0) return counts;
  const replies = await tryRedis((client) =>
    Promise.all(
      competitionIds.map((id) => client.hmget(seatKeys(id).meta, "state", "confirmed", "waiting")),
    ),
  );
  for (const [index, [state, confirmed, waiting]] of (replies ?? []).entries()) {
    const id = competitionIds[index];
    if (id && state === "open") {
      counts.set(id, { confirmed: Number(confirmed), waiting: Number(waiting ?? 0) });
    }
  }
  return counts;
}

const WAITING_SQL = `(select count(*) from registration r
  where r.competition_id = c.id and r.status = 'WAITLISTED')`;

/**
 * SQL for whether a competition `c` has room: in its line, or a seat that nobody has and nobody waits
 * for. Low numbers are given first, so nothing need be counted while the highest seat is free.
 */
export const IS_ROOM_SQL = `(${WAITING_SQL} < c.waitlist_limit or (${WAITING_SQL} = 0 and
  (not exists (select from registration r where r.competition_id = c.id and r.seat_no =
      (select max(s.seat_no) from seat s where s.competition_id = c.id))
    or (select count(*) from registration r
      where r.competition_id = c.id and r.seat_no is not null) < c.capacity)))`;

/** SQL for whether a user, whose id is its parameter, has a seat or a place in line in a competition `c`. */
export const IS_IN_SQL = `c.id in (select r.competition_id from registration r
  where r.user_id = ? and r.status <> 'CANCELLED')`;
