import { closePasswordThreads } from "~/domain/accounts/index.server";
import { findDatabaseFault } from "~/platform/database-health";
import { closeDatabase } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";
import { findRedisFault } from "~/platform/redis-health";
import { closeCoverThread } from "./cover-image";
import type { Readiness } from "./health";

/** A balancer asks often and needs a quick answer: a server that takes longer is down. Milliseconds. */
const TIME_LIMIT_MS = 1_000;

/**
 * Whether this process can serve: Postgres answers, takes writes, and its migrations are current.
 * Redis is only reported, since everything works without it, if more slowly.
 */
export async function checkReadiness(): Promise<Readiness> {
  const [fault, redisFault] = await Promise.all([
    findDatabaseFault(TIME_LIMIT_MS),
    findRedisFault(TIME_LIMIT_MS),
  ]);
  const isPending = fault === "migrations_pending";
  const isUp = fault === null || isPending;
  return {
    ready: fault === null,
    ...(fault && { reason: fault }),
    checks: {
      postgres: isUp ? "ok" : "down",
      migrations: isUp ? (isPending ? "pending" : "current") : "unknown",
      redis: redisFault === "redis_away" ? "down" : (redisFault ?? "ok"),
    },
  };
}

/** Closes what a web process holds open, so that it can end. */
export async function closeResources(): Promise<void> {
  closeRedis();
  await Promise.all([closePasswordThreads(), closeCoverThread(), closeDatabase()]);
}
