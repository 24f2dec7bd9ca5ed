import { MikroORM } from "@mikro-orm/postgresql";
import { PostgresDialect } from "kysely";
import type { PoolClient } from "pg";
import { migrationsList } from "../../migrations";
import { entities } from "../domain/tables";
import { migratorOptions } from "./migrator";

/** The migrations of this program, run on one connection. */
export interface MigrationsWithin {
  /** Applies those that are missing: all of them, or of these. */
  up: (names?: string[]) => Promise<void>;
  /** Takes these back, the newest first. */
  down: (names: string[]) => Promise<void>;
}

/** Names of all migrations that this program has, in order. */
export const MIGRATION_NAMES = migrationsList.map(({ name }) => name);

/** The tables that there are when all of them have run. */
export const TABLE_NAMES = entities.map(({ meta }) => meta.tableName);

/**
 * Gives `work` this program's migrations, in the transaction that the connection is in: they neither
 * begin nor commit one.
 */
export async function migrateWithin<T>(
  client: PoolClient,
  work: (migrations: MigrationsWithin) => Promise<T>,
): Promise<T> {
  const { release } = client;
  // The ORM gives the connection back after each statement; the transaction needs it longer.
  client.release = () => {};
  const pool = { options: {}, connect: async () => client, end: async () => {} };
  const options = migratorOptions();
  try {
    const orm = await MikroORM.init({
      ...options,
      driverOptions: () => new PostgresDialect({ pool }),
      migrations: { ...options.migrations, transactional: false, allOrNothing: false },
    });
    return await work({
      up: async (names) => void (await orm.migrator.up(names && { migrations: names })),
      down: async (names) => void (await orm.migrator.down({ migrations: names })),
    });
  } finally {
    client.release = release;
  }
}
