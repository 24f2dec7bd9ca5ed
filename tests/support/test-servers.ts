import { startThrowAway } from "./throw-away";

/**
 * The Postgres and the Redis that tests run on: those that TEST_DATABASE_URL and TEST_REDIS_URL
 * name, else our own with throw-away data. Tests make databases of their own there and use key
 * prefixes of their own.
 */
export async function findTestServers() {
  const { TEST_DATABASE_URL: serverUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (serverUrl && redisUrl) return { serverUrl, redisUrl, stop: async () => {} };
  const { postgres, redis, stop } = await startThrowAway({ log: (line) => console.log(line) });
  return { serverUrl: postgres.url, redisUrl: redis.url, stop };
}
