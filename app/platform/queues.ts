import type { ConnectionOptions, QueueOptions, WorkerOptions } from "bullmq";
import type { Cluster, Redis, RedisOptions } from "ioredis";
import { env } from "./env";
import { keyPrefix } from "./redis";
import { connect, redisOptions } from "./redis-connection";
import { noteQueueError } from "./redis-outage";
import { existing, forget, singleton } from "./singleton";

/** Names of the queues. */
export const MAIL_QUEUE = "mail";
export const SCHEDULE_QUEUE = "schedule";
/** How long a consumer that lost Redis waits before it asks for work again, milliseconds. */
const RETRY_MS = 1_000;

/** Where BullMQ keeps its keys: one hash slot, so that its scripts run on a cluster too. */
export function queuesPrefix(): string {
  return `{${keyPrefix()}-queues}`;
}

/** Settings of a producer: it fails fast, since its caller can come back later. */
export function queueOptions(): QueueOptions {
  return {
    connection: connection("producer", { maxRetriesPerRequest: 1, enableOfflineQueue: false }),
    prefix: queuesPrefix(),
    // BullMQ asks only once; a queue that got no answer would never work again.
    skipVersionCheck: true,
    defaultJobOptions: {
      removeOnComplete: { age: 24 * 3600, count: 10_000 },
      removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
    },
  };
}

/** Settings of a consumer: it waits for Redis however long that takes. */
export function workerOptions(): WorkerOptions {
  return {
    connection: connection("consumer", { maxRetriesPerRequest: null }),
    prefix: queuesPrefix(),
    runRetryDelay: RETRY_MS,
  };
}

type Role = "producer" | "consumer";

/**
 * Options rather than a client of ours where that is possible: BullMQ then closes what it opened,
 * and the process can end.
 */
function connection(
  role: Role,
  options: Required<Pick<RedisOptions, "maxRetriesPerRequest">> & { enableOfflineQueue?: boolean },
): ConnectionOptions {
  if (env().REDIS_CLUSTER === "off") return { ...redisOptions(), ...options };
  return singleton(clusterOf(role), () => {
    const client = connect(options);
    client.on("error", (error) => noteQueueError(error, "queues' cluster"));
    return client;
  });
}

/** Closes what BullMQ was given rather than opened; then queues and workers no longer work. */
export function closeQueueConnections(): void {
  for (const role of ["producer", "consumer"] as const) {
    existing<Redis | Cluster>(clusterOf(role))?.disconnect();
    forget(clusterOf(role));
  }
}

function clusterOf(role: Role): string {
  return `queues-${role}`;
}
