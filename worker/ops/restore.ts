import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DatabaseError, type PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { RAISE_ALL_SEAT_EPOCHS_SQL } from "~/domain/competitions/index.server";
import { statementFailure } from "~/platform/database-failure";
import { forgetRedis } from "~/platform/forget-redis";
import {
  MIGRATION_NAMES,
  type MigrationsWithin,
  migrateWithin,
  TABLE_NAMES,
} from "~/platform/migrate-within";
import { MIGRATION_LOCK } from "~/platform/migrator";
import { OwnError } from "~/platform/own-error";
import { createPool } from "~/platform/postgres";
import { findRedisFault } from "~/platform/redis-health";
import { type BackupEnd, type BackupHeader, DamagedBackup, readArchive } from "./archive";
import type { Progress } from "./backup";
import { copySql, liftLimits, listTables, quoted, readMigrations } from "./catalogue";

/** How long the tables are waited for, which others may be using. */
const LOCK_TIMEOUT = "10s";

export type Restored =
  | { status: "restored"; header: BackupHeader; end: BackupEnd; leftOut: string[] }
  | { status: "damaged"; reason: string }
  | { status: "newer_backup" | "newer_database"; migrations: string[] }
  | { status: "not_empty" | "migrating" | "redis_away" };

/** The database that a restore would write into. */
export interface Target {
  database: string;
  isEmpty: boolean;
  /** Who else is connected, by the names that they give themselves. */
  sessions: { application: string; count: number }[];
}

/** Looks at the database, and changes nothing. */
export async function findTarget(): Promise<Target> {
  return onConnection(async (client) => {
    const [{ database }] = (await client.query("select current_database() as database")).rows;
    const sessions = await client.query<{ application: string; count: number }>(SESSIONS);
    return { database, isEmpty: await isEmpty(client), sessions: sessions.rows };
  });
}

const SESSIONS = `
select coalesce(nullif(application_name, ''), 'without a name') as application,
  count(*)::int as count
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
  and coalesce(backend_type, 'client backend') = 'client backend'
group by 1 order by 1`;

/** A Redis that answers later counts as away, milliseconds. */
const REDIS_PATIENCE_MS = 2_000;

/**
 * Makes the database what it was at the time of the backup, with this program's migrations, in one
 * transaction: when anything fails it is as it was before. Holds of the time since are void, and
 * Redis forgets everything, since it knows what is no longer true.
 *
 * @param open called once; what it gives is read to its end
 * @param replace removes what the database has; otherwise it must be empty
 * @throws what Postgres refuses
 */
export async function restore(
  open: () => Readable,
  { replace = false, progress }: { replace?: boolean; progress?: Progress } = {},
): Promise<Restored> {
  if (await findRedisFault(REDIS_PATIENCE_MS)) return { status: "redis_away" };
  try {
    return await onConnection((client) => restoreWith(client, open(), { replace, progress }));
  } catch (error) {
    if (error instanceof Refused) return error.restored;
    if (error instanceof DamagedBackup) return { status: "damaged", reason: error.message };
    throw error;
  }
}

/** Ends the transaction with an outcome. */
class Refused extends OwnError {
  readonly restored: Restored;

  constructor(restored: Restored) {
    super(restored.status);
    this.restored = restored;
  }
}

async function restoreWith(
  client: PoolClient,
  source: Readable,
  { replace, progress }: { replace: boolean; progress?: Progress },
): Promise<Restored> {
  await client.query("begin");
  await liftLimits(client);
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  await client.query("set local datestyle = 'ISO, YMD'");
  // Else registrations of the last minute could be left out: the trigger `passes_nobody`.
  await client.query("set local registration.locked = 'restored'");
  const lock = "select pg_try_advisory_xact_lock($1) as mine";
  const [{ mine }] = (await client.query(lock, [MIGRATION_LOCK])).rows;
  if (!mine) throw new Refused({ status: "migrating" });

  return migrateWithin(client, async (migrations) => {
    const leftOut: string[] = [];
    const counts = new Map<string, number>();
    let known = new Set<string>();
    const { header, end } = await readArchive(source, {
      async begin(header) {
        await makeRoom(client, migrations, { header, replace });
        known = new Set((await listTables(client, new Set())).map(({ name }) => name));
      },
      async table(table, rows) {
        // Whatever else was in the schema is none of ours.
        if (!known.has(table.name)) leftOut.push(table.name);
        const write = known.has(table.name) ? copyIn(client, table, rows, progress) : skip(rows);
        counts.set(table.name, await write);
      },
    });
    for (const { name } of header.tables) {
      const isWhole = leftOut.includes(name) || counts.get(name) === end.tables[name]?.rows;
      if (!isWhole) throw new DamagedBackup(`${name} has another number of rows`);
    }
    await setSequences(client, end);
    await migrations.up();
    for (const name of TABLE_NAMES) await client.query(`analyze ${quoted(name)}`);
    await client.query(RAISE_ALL_SEAT_EPOCHS_SQL);
    // Last, and before the commit, while nobody else can read: nothing from before comes back. When
    // the commit fails Redis is rebuilt, as after any loss.
    if (!(await forgetRedis())) throw new Refused({ status: "redis_away" });
    await client.query("commit");
    return { status: "restored", header, end, leftOut };
  });
}

/** Gives the database the migrations of the backup, with no row in any table. */
async function makeRoom(
  client: PoolClient,
  migrations: MigrationsWithin,
  { header, replace }: { header: BackupHeader; replace: boolean },
): Promise<void> {
  const unknown = without(header.migrations, MIGRATION_NAMES);
  if (unknown.length > 0) throw new Refused({ status: "newer_backup", migrations: unknown });
  const applied = (await readMigrations(client)) ?? [];
  const newer = without(applied, MIGRATION_NAMES);
  if (newer.length > 0) throw new Refused({ status: "newer_database", migrations: newer });
  if (applied.length === 0) return migrations.up(header.migrations);

  await migrations.up();
  const tables = TABLE_NAMES.map(quoted).join(", ");
  await client.query(`lock table ${tables} in access exclusive mode`);
  if (!replace && !(await isEmpty(client))) throw new Refused({ status: "not_empty" });
  await client.query(`truncate ${tables}`);
  const later = without(MIGRATION_NAMES, header.migrations);
  if (later.length > 0) await migrations.down(later);
}

/** Whether no table of ours has a row, or there is none yet. */
async function isEmpty(client: PoolClient): Promise<boolean> {
  const found = new Set((await listTables(client, new Set())).map(({ name }) => name));
  for (const name of TABLE_NAMES.filter((table) => found.has(table))) {
    const any = `select exists (select from ${quoted(name)}) as any`;
    if ((await client.query(any)).rows[0].any) return false;
  }
  return true;
}

async function copyIn(
  client: PoolClient,
  table: BackupHeader["tables"][number],
  rows: AsyncIterable<Buffer>,
  progress?: Progress,
): Promise<number> {
  const sql = copySql(table, "from stdin");
  const copying = client.query(copyFrom(sql));
  async function* told() {
    for await (const data of rows) {
      progress?.(table.name, data.length);
      yield data;
    }
  }
  try {
    await pipeline(Readable.from(told()), copying);
  } catch (error) {
    throw error instanceof DatabaseError ? statementFailure(error, sql) : error;
  }
  return copying.rowCount;
}

async function skip(rows: AsyncIterable<Buffer>): Promise<number> {
  for await (const _ of rows);
  return 0;
}

async function setSequences(client: PoolClient, { sequences }: BackupEnd): Promise<void> {
  for (const [name, last] of Object.entries(sequences)) {
    await client.query("select setval(to_regclass($1), $2::bigint)", [quoted(name), last]);
  }
}

function without(names: string[], others: string[]): string[] {
  return names.filter((name) => !others.includes(name));
}

/** Closes the connection afterwards, which rolls back what was not committed. */
async function onConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const pool = createPool({ unlimited: true, migrates: true });
  try {
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}
