import type { EntityManager } from "@mikro-orm/postgresql";

/** SQL of the advisory lock's number for a competition. */
export const LOCK_NUMBER_SQL = "hashtextextended(?::text, 0)";

/**
 * Takes the competition's lock until the transaction ends. Registrations share it; whatever changes
 * the rules (capacity, deadline, deletion) or frees seats takes it alone. Postgres queues the two
 * fairly, so a rush cannot starve an edit.
 *
 * @throws when it cannot be had within the lock timeout.
 */
export async function lockCompetition(
  em: EntityManager,
  { competitionId, mode }: { competitionId: string; mode: "shared" | "exclusive" },
): Promise<void> {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  await em.execute(`select ${take}(${LOCK_NUMBER_SQL})`, [competitionId]);
}
