import { onTestFinished } from "vitest";
import { startThrowAwayPostgres, startThrowAwayRedis } from "../../scripts/services/throw-away.mjs";

/** A Redis for one test alone, which may flush, pause or kill it. Gone when the test ends. */
export async function ownRedis(options: Parameters<typeof startThrowAwayRedis>[0] = {}) {
  const redis = await startThrowAwayRedis(options);
  onTestFinished(() => redis.stop());
  return redis;
}

/** A Postgres for one test alone, which may kill it. Empty, not migrated; gone when the test ends. */
export async function ownPostgres(options: Parameters<typeof startThrowAwayPostgres>[0] = {}) {
  const postgres = await startThrowAwayPostgres(options);
  onTestFinished(() => postgres.stop());
  return postgres;
}
