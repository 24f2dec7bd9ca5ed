import { tryRedis } from "~/platform/redis";
import { seatKeys } from "./keys";

export interface SeatCount {
  capacity: number;
  confirmed: number;
}

/**
 * Seats taken, from Redis, in one round trip.
 *
 * @returns null while Redis is away; a competition that Redis does not know is not in the map.
 */
export async function countSeats(competitionIds: string[]): Promise<Map<string, SeatCount> | null> {
  if (competitionIds.length === 0) return new Map();
  const replies = await tryRedis((client) =>
    Promise.all(
      competitionIds.map((id) => client.hmget(seatKeys(id).meta, "state", "capacity", "confirmed")),
    ),
  );
  if (!replies) return null;
  const counts = new Map<string, SeatCount>();
  for (const [index, [state, capacity, confirmed]] of replies.entries()) {
    const id = competitionIds[index];
    if (!id || state !== "open") continue;
    counts.set(id, { capacity: Number(capacity), confirmed: Number(confirmed) });
  }
  return counts;
}
