import { Refusal } from "../bootstrap/refusal.mjs";
import { startThrowAway } from "../services/throw-away.mjs";

/**
 * A Postgres and a Redis for tests: those that TEST_DATABASE_URL and TEST_REDIS_URL name, else
 * our own with throw-away data, else, where none can be had, those of DATABASE_URL and REDIS_URL.
 * Tests make databases of their own there and use key prefixes of their own.
 * @param {{ log: (line: string) => void, environment?: NodeJS.ProcessEnv }} options
 */
export async function findTestServices({ log, environment = process.env }) {
  const given = urlsIn(environment.TEST_DATABASE_URL, environment.TEST_REDIS_URL);
  if (given) {
    log("Services: those of TEST_DATABASE_URL and TEST_REDIS_URL");
    return given;
  }
  try {
    const { postgres, redis, stop } = await startThrowAway({ log });
    log(`PostgreSQL: ${postgres.how}, port ${postgres.port}, throw-away data`);
    log(`Redis: ${redis.how}, port ${redis.port}, throw-away data`);
    return { serverUrl: postgres.url, redisUrl: redis.url, stop };
  } catch (error) {
    const fallback = urlsIn(environment.DATABASE_URL, environment.REDIS_URL);
    if (!fallback) throw new Refusal(/** @type {Error} */ (error).message);
    log("Services: those of DATABASE_URL and REDIS_URL (no own ones can be had here)");
    return fallback;
  }
}

/**
 * @param {string | undefined} serverUrl
 * @param {string | undefined} redisUrl
 */
function urlsIn(serverUrl, redisUrl) {
  return serverUrl && redisUrl ? { serverUrl, redisUrl, stop: async () => {} } : null;
}
