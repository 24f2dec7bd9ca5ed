import { closePasswordThreads } from "~/domain/accounts/index.server";
import { closeDatabase } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";

/** Gives back what a web process holds open, so that it can end. */
export async function closeResources(): Promise<void> {
  closeRedis();
  await Promise.all([closePasswordThreads(), closeDatabase()]);
}
