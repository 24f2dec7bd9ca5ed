import { database } from "~/platform/orm";
import { tryRedis } from "~/platform/redis";
import { seatKeys } from "./redis";

/**
 * Confirmed registrations of each competition: from Redis in one round trip, and by one grouped
 * query for those that Redis does not know.
 */
export async function countConfirmed(competitionIds: string[]): Promise<Map<string, number>> {
  const counts = await countInRedis(competitionIds);
  const unknown = competitionIds.filter((id) => !counts.has(id));
  if (unknown.length === 0) return counts;
  const rows: { id: string; confirmed: number }[] = await database().execute(
    `select competition_id as id, count(*)::int as confirmed from registration
      where competition_id = any(?::uuid[]) and seat_no is not null group by competition_id`,
    [`{${unknown.join(",")}}`],
  );
  for (const id of unknown) counts.set(id, 0);
  for (const { id, confirmed } of rows) counts.set(id, confirmed);
  return counts;
}

async function countInRedis(competitionIds: string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (competitionIds.length === 0) return counts;
  const replies = await tryRedis((client) =>
    Promise.all(competitionIds.map((id) => client.hmget(seatKeys(id).meta, "state", "confirmed"))),
  );
  for (const [index, [state, confirmed]] of (replies ?? []).entries()) {
    const id = competitionIds[index];
    if (id && state === "open") counts.set(id, Number(confirmed));
  }
  return counts;
}
