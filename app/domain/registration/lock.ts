import type { EntityManager } from "@mikro-orm/postgresql";
import { database } from "~/platform/orm";

/** SQL for the number of a competition's advisory lock. @param id SQL of the competition's id */
export function lockNumberSql(id: string): string {
  return `hashtextextended(${id}::text, 0)`;
}

/**
 * Takes the competition's lock until the transaction ends. Registrations share it; whatever changes
 * the rules (capacity, deadline, deletion) or frees seats takes it alone. Postgres queues the two
 * fairly, so a rush cannot starve an edit.
 *
 * @throws when it cannot be had within the lock timeout
 */
export async function lockCompetition(
  em: EntityManager,
  { competitionId, mode }: { competitionId: string; mode: "shared" | "exclusive" },
): Promise<void> {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  await em.execute(`select ${take}(${lockNumberSql("?")})`, [competitionId]);
}

/**
 * Resolves when the registrations of this user that are being committed have ended, so that they are
 * found. A commit holds the row of its user by the foreign key; nobody else's waits for this.
 */
export async function ownCommitsEnd(userId: string): Promise<void> {
  await database().execute('select 1 from "user" where id = ? for update', [userId]);
}
