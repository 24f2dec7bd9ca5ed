import { onTestFinished } from "vitest";
import { startThrowAwayRedis } from "./throw-away";

/** A Redis for one test alone, which may flush, pause or kill it. Gone when the test ends. */
export async function ownRedis(options: Parameters<typeof startThrowAwayRedis>[0] = {}) {
  const redis = await startThrowAwayRedis(options);
  onTestFinished(() => redis.stop());
  return redis;
}
