import { migrationsList } from "../../migrations";
import { database } from "./orm";
import { troubleOf } from "./postgres-error";

/**
 * Whether the database has every migration that this code was written for. A newer database is
 * fine: a deployment migrates first, and the processes it replaces still serve.
 *
 * @throws when Postgres does not answer
 */
export async function areMigrationsCurrent(): Promise<boolean> {
  try {
    const rows: { name: string }[] = await database().execute(
      "select name from mikro_orm_migrations",
    );
    const applied = new Set(rows.map(({ name }) => name));
    return migrationsList.every(({ name }) => applied.has(name));
  } catch (error) {
    // The table does not exist before the first migration.
    if (troubleOf(error) === "other") return false;
    throw error;
  }
}
