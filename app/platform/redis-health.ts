import { primaries, tryRedis, writeAnything } from "./redis";
import { latestRedisFault, type RedisFault } from "./redis-outage";
import { within } from "./within";

/**
 * Looks whether Redis can be used: all primaries of it answer, and it takes a write.
 *
 * @param limitMs what takes longer counts as away, milliseconds
 */
export async function findRedisFault(limitMs: number): Promise<RedisFault | null> {
  const fault = await within(limitMs, look());
  return fault === undefined ? "redis_away" : fault;
}

async function look(): Promise<RedisFault | null> {
  const taken = await tryRedis(async (client) => {
    await Promise.all(primaries(client).map((node) => node.ping()));
    return writeAnything(client);
  });
  return taken ? null : latestRedisFault();
}
