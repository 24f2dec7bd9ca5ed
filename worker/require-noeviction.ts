import { log } from "~/platform/log";
import { primaries, tryRedis } from "~/platform/redis";
import { latestRedisFault, type RedisFault } from "~/platform/redis-outage";

/** How long to wait for a Redis that is away before asking it again, milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Waits for Redis and makes sure that it never evicts: a queue whose keys vanish when memory runs
 * short loses jobs silently.
 *
 * @param waits is told what it waits for, each time
 * @returns false when it evicts
 */
export async function neverEvicts(waits: (fault: RedisFault) => void = () => {}): Promise<boolean> {
  for (;;) {
    const infos = await tryRedis((client) =>
      Promise.all(primaries(client).map((node) => node.info("memory"))),
    );
    if (infos !== null) return infos.every(judge);
    waits(latestRedisFault());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function judge(info: string): boolean {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (!policy) log.warn("Redis does not tell its maxmemory-policy; it must be noeviction");
  return policy === undefined || policy === "noeviction";
}
