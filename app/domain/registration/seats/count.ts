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
