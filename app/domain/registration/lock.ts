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
 * @throws when it is not free within the lock timeout
 */
export async function lockCompetition(
  em: EntityManager,
  { competitionId, mode }: { competitionId: string; mode: "shared" | "exclusive" },
): Promise<void> {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  await em.execute(`select ${take}(${lockNumberSql("?")})`, [competitionId]);
}

/**
 * Resolves when no registration of this user is being committed any more, so that a query finds them all.
 * A commit locks its user's row by the foreign key, so this waits for the user's own commits only.
 */
export async function ownCommitsEnd(userId: string): Promise<void> {
  await database().execute('select 1 from "user" where id = ? for update', [userId]);
}
