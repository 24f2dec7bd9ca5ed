import { findFaultOfWriting, IS_READ_ONLY } from "./database-outage";
import { areMigrationsCurrent } from "./migration-state";
import { database } from "./orm";
import { distrustConnections } from "./postgres-driver";
import { type DatabaseOutage, outageOf } from "./postgres-error";
import { within } from "./within";

/** Why nobody can be served: Postgres, or that this code's migrations have not run yet. */
export type DatabaseFault = DatabaseOutage | "migrations_pending";

/**
 * Looks whether Postgres can be used, reading and writing, the way a request would use it. What it
 * says is of this moment: nothing is remembered but that a write has failed, until one works again.
 *
 * @param limitMs what takes longer counts as silence, milliseconds
 */
export async function findDatabaseFault(limitMs: number): Promise<DatabaseFault | null> {
  const fault = await within(
    limitMs,
    look().catch((error: unknown) => outageOf(error) ?? "database_away"),
  );
  return fault === undefined ? "database_silent" : fault;
}

async function look(): Promise<DatabaseFault | null> {
  const [[row], isCurrent, faultOfWriting] = await Promise.all([
    database().execute<{ read_only: boolean }[]>(IS_READ_ONLY),
    areMigrationsCurrent(),
    findFaultOfWriting(),
  ]);
  if (row?.read_only) {
    // The connections may still lead to a server that was the primary.
    distrustConnections();
    return "database_read_only";
  }
  return faultOfWriting ?? (isCurrent ? null : "migrations_pending");
}
