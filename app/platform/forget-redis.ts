import { queuesPrefix } from "./queues";
import { keyPrefix, primaries, tryRedis } from "./redis";

const KEYS_AT_ONCE = 500;

/**
 * Removes all of this product's keys, jobs included, and leaves others' alone: what Redis knows can be
 * rebuilt from Postgres, and jobs are handed over again.
 *
 * @returns false when Redis is away; part of it may be gone then, which does no harm
 */
export async function forgetRedis(): Promise<boolean> {
  const removed = await tryRedis(async (client) => {
    for (const node of primaries(client)) {
      for (const pattern of [`${keyPrefix()}:*`, `${queuesPrefix()}:*`]) {
        let cursor = "0";
        do {
          const [next, keys] = await node.scan(cursor, "MATCH", pattern, "COUNT", KEYS_AT_ONCE);
          // One by one: on a cluster, no command may have keys of several slots.
          await Promise.all(keys.map((key) => client.unlink(key)));
          cursor = next;
        } while (cursor !== "0");
      }
    }
    return true;
  });
  return removed ?? false;
}
