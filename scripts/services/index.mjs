export { startPostgres } from "./postgres.mjs";
export { REDIS_IN_MEMORY, startRedis } from "./redis.mjs";
