import { closePasswordThreads } from "~/domain/accounts/index.server";
import { areMigrationsCurrent } from "~/platform/migration-state";
import { closeDatabase } from "~/platform/orm";
import { closeRedis, isRedisUp } from "~/platform/redis";
import type { Readiness } from "./health";

/** A balancer asks often and needs an answer soon: what takes longer counts as down. Milliseconds. */
const TIME_LIMIT_MS = 1_000;

/**
 * Whether this process can serve: Postgres answers and its migrations are current. Redis is only
 * reported, since everything works without it, if more slowly.
 */
export async function checkReadiness(): Promise<Readiness> {
  const [migrated, redisUp] = await Promise.all([
    withinLimit(areMigrationsCurrent()),
    withinLimit(isRedisUp()),
  ]);
  return {
    ready: migrated === true,
    checks: {
      postgres: migrated === null ? "down" : "ok",
      migrations: migrated === null ? "unknown" : migrated ? "current" : "pending",
      redis: redisUp ? "ok" : "down",
    },
  };
}

/** Gives back what a web process holds open, so that it can end. */
export async function closeResources(): Promise<void> {
  closeRedis();
  await Promise.all([closePasswordThreads(), closeDatabase()]);
}

async function withinLimit<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), TIME_LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
