import { afterAll } from "vitest";
import { startWatchedRedis } from "./redis-sentinels";

/** Imported first: what the application will use through sentinels, and the test may kill. */
export const watched = await startWatchedRedis();

process.env.REDIS_URL = watched.urls.join(",");
process.env.REDIS_SENTINEL_NAME = watched.name;
process.env.REDIS_SENTINEL_PASSWORD = watched.password;
// What a primary that died still held is free again soon.
process.env.HOLD_SECONDS = "5";

afterAll(() => watched.stop());
