import type { ConnectionOptions, QueueOptions, WorkerOptions } from "bullmq";
import { env } from "./env.server";
import { connect, keyPrefix, reconnectDelay, redisOptions } from "./redis.server";

/** Names of the queues. */
export const MAIL_QUEUE = "mail";
export const SCHEDULE_QUEUE = "schedule";

/** Where BullMQ keeps its keys: one hash slot, so that its scripts run on a cluster too. */
function prefix(): string {
  return `{${keyPrefix()}-queues}`;
}

/** Settings of a producer: it fails fast, since its caller can come back later. */
export function queueOptions(): QueueOptions {
  return {
    connection: connection({ maxRetriesPerRequest: 1, enableOfflineQueue: false }),
    prefix: prefix(),
    defaultJobOptions: {
      removeOnComplete: { age: 24 * 3600, count: 10_000 },
      removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
    },
  };
}

/** Settings of a consumer: it waits for Redis however long that takes. */
export function workerOptions(): WorkerOptions {
  return { connection: connection({ maxRetriesPerRequest: null }), prefix: prefix() };
}

/**
 * Options rather than a client of ours where that is possible: BullMQ then closes what it opened,
 * and the process can end.
 */
function connection(options: {
  maxRetriesPerRequest: number | null;
  enableOfflineQueue?: boolean;
}): ConnectionOptions {
  if (env().REDIS_CLUSTER === "on" || env().REDIS_SENTINEL_NAME) return connect(options);
  return { ...redisOptions(), ...options, retryStrategy: reconnectDelay };
}
