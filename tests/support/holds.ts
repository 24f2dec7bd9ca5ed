import { seatKeys } from "~/domain/registration/seats/redis";
import { redis } from "~/platform/redis";

/** Makes the holds of a competition run out, without waiting for it. */
export async function expireHolds(competitionId: string): Promise<void> {
  const { holds, joins } = seatKeys(competitionId);
  for (const key of [holds, joins]) {
    const members = await redis().zrange(key, 0, -1);
    for (const member of members) await redis().zadd(key, "XX", 1, member);
  }
}
