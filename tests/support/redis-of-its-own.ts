import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { startThrowAwayRedis } from "./throw-away";

/**
 * Imported first: the Redis that the application will use, which the test may flush, pause, starve
 * or kill. It keeps on the disk what it is told to SAVE, and nothing else.
 */
export const redisServer = await startThrowAwayRedis({
  args: ["--appendonly", "no", "--save", ""],
});

process.env.REDIS_URL = redisServer.url;

/** A connection of the operator's, beside the application's. */
export const operator = new Redis(redisServer.url, { retryStrategy: () => 50 });
operator.on("error", () => {});

afterAll(async () => {
  operator.disconnect();
  await redisServer.stop();
});
