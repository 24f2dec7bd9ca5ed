import { findDatabaseFault } from "~/platform/database-health";
import { findRedisFault } from "~/platform/redis-health";
import type { Running } from "./stopping";
import type { QueueFault } from "./watched-worker";

/** How long Postgres and Redis may take to answer, milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Whether the process does its work: Postgres and Redis can be used, and the queues' workers get their
 * answers, for which Redis must allow more than a `PING`.
 *
 * @returns the first fault as `reason`, and the state of each part in a word
 */
export async function checkWorker(running: Readonly<Running>) {
  const [postgres, redis] = await Promise.all([
    findDatabaseFault(PATIENCE_MS),
    findRedisFault(PATIENCE_MS),
  ]);
  const queues = findQueueFault(running);
  return {
    reason: postgres ?? redis ?? queues,
    checks: { postgres: postgres ?? "ok", redis: redis ?? "ok", queues: queues ?? "ok" },
  };
}

function findQueueFault({ workers, waitsFor }: Readonly<Running>): QueueFault | null {
  if (workers.length === 0) return waitsFor ?? "starting";
  return workers.map((worker) => worker.findFault()).find((fault) => fault !== null) ?? null;
}
