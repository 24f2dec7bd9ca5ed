import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import { migrationsList } from "../../migrations";
import { ormOptions } from "./orm";

/** An arbitrary number: the advisory lock that lets one migrator run at a time. */
export const MIGRATION_LOCK = 7_305_116;

/** Options of an ORM that migrates; the command line's configuration is made of the same. */
export function migratorOptions() {
  const options = ormOptions({ unlimited: true, migrates: true });
  return {
    ...options,
    extensions: [Migrator],
    // Kept for the previous release while both run; no entity describes it.
    schemaGenerator: { ...options.schemaGenerator, skipViews: ["idempotency_key"] },
    migrations: {
      path: "migrations",
      pathTs: "migrations",
      glob: "Migration*.{js,ts}",
      snapshotName: ".snapshot",
      // Migrations are applied wherever the product runs; only creating one writes into the source.
      snapshotOnMigrate: false,
      silent: true,
      transactional: true,
      allOrNothing: true,
      migrationsList,
    },
  };
}

/** Applies what is missing and returns its names. Safe to start from several hosts at once. */
export function migrateUp(): Promise<string[]> {
  return withMigrator(async (orm) => (await orm.migrator.up()).map(({ name }) => name));
}

/** The newest migration that was applied, the one that `migrateDown` takes back; null without any. */
export function findNewestMigration(): Promise<string | null> {
  return withMigrator(newestOf);
}

/**
 * Takes the newest migration back and returns its name.
 *
 * @param only nothing is taken back unless this is the newest by now
 */
export function migrateDown({ only }: { only?: string } = {}): Promise<string[]> {
  return withMigrator(async (orm) => {
    if (only !== undefined && (await newestOf(orm)) !== only) return [];
    return (await orm.migrator.down()).map(({ name }) => name);
  });
}

async function newestOf(orm: MikroORM): Promise<string | null> {
  return (await orm.migrator.getExecuted()).at(-1)?.name ?? null;
}

async function withMigrator<T>(work: (orm: MikroORM) => Promise<T>): Promise<T> {
  const orm = await MikroORM.init(migratorOptions());
  try {
    // Two migrators at once crash one: the second waits here, then finds nothing to do.
    return await orm.em.fork().transactional(async (em) => {
      await em.execute("select pg_advisory_xact_lock(?)", [MIGRATION_LOCK]);
      return work(orm);
    });
  } finally {
    await orm.close(true);
  }
}
