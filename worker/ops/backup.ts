import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import type { ClientBase } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { statementFailure } from "~/platform/database-failure";
import { MIGRATION_LOCK } from "~/platform/migrator";
import { createPool } from "~/platform/postgres";
import packageJson from "../../package.json";
import { type BackupEnd, type BackupHeader, writeArchive } from "./archive";
import { copySql, liftLimits, listTables, readMigrations, readSequences } from "./catalogue";

/** What a backup leaves out, and why. */
export const LEFT_OUT = new Map([
  ["mikro_orm_migrations", "the header names them, and a restore runs them"],
  ["session", "who has logged out since must stay logged out; everybody logs in again"],
  ["redis_gap", "tells of the last minute what Redis does not know; a restore empties Redis"],
  ["mail_turn", "a limit of an hour"],
  ["cover_image", "is drawn again when somebody asks for it"],
]);

export type Backup =
  | { status: "written"; header: BackupHeader; end: BackupEnd }
  | { status: "exists" | "not_migrated" };

/** Told of every part of a table that was copied. */
export type Progress = (table: string, bytes: number) => void;

/**
 * Writes what Postgres has at one instant into a new file, which only its owner may read: it holds
 * personal data and hashes of passwords. The system may go on running; migrations wait until the
 * end. The file has its name when all of it is on the disk.
 *
 * @throws what Postgres or the file system refuses
 */
export async function backUp(file: string, progress?: Progress): Promise<Backup> {
  if (await stat(file).catch(() => null)) return { status: "exists" };
  const partial = `${file}.${process.pid}.partial`;
  const target = createWriteStream(partial, { flags: "wx", mode: 0o600, flush: true });
  await once(target, "open");
  try {
    const backup = await backUpTo(target, progress);
    if (backup.status === "written") {
      await rename(partial, file);
      await syncFolder(dirname(file));
    }
    return backup;
  } finally {
    target.destroy();
    await rm(partial, { force: true });
  }
}

/** The same into a stream, which is ended, unless it is standard output. */
export function backUpTo(target: Writable, progress?: Progress): Promise<Backup> {
  return inSnapshot(async (client) => {
    const migrations = await readMigrations(client);
    if (!migrations?.length) return { status: "not_migrated" };
    const tables = await listTables(client, new Set(LEFT_OUT.keys()));
    const [server] = (await client.query("show server_version")).rows;
    const header = {
      product: packageJson.version,
      createdAt: new Date().toISOString(),
      postgres: String(server.server_version),
      migrations,
      tables,
    };
    const written = await writeArchive(target, {
      header,
      rowsOf: (table) => rowsOf(client, table, progress),
      sequences: () => readSequences(client, tables),
    });
    return { status: "written", ...written };
  });
}

function rowsOf(client: ClientBase, table: BackupHeader["tables"][number], progress?: Progress) {
  const sql = copySql(table, "to stdout");
  const copying = client.query(copyTo(sql));
  async function* rows() {
    try {
      for await (const part of copying) {
        progress?.(table.name, part.length);
        yield part as Buffer;
      }
    } catch (error) {
      throw statementFailure(error, sql);
    }
  }
  return { rows: rows(), count: () => copying.rowCount ?? 0 };
}

/**
 * Runs `work` in a transaction that sees one instant. A replica can do that too. No migration runs
 * meanwhile: it would wait for us, and everybody for it.
 */
async function inSnapshot<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
  // One connection keeps the lock and has no snapshot; the other takes its snapshot afterwards.
  const pools = [createPool({ unlimited: true }), createPool({ unlimited: true })] as const;
  const [guard, reader] = await Promise.all(pools.map((pool) => pool.connect()));
  if (!guard || !reader) throw new Error("a pool gave no connection");
  try {
    await guard.query("begin");
    await liftLimits(guard);
    await guard.query("select pg_advisory_xact_lock_shared($1)", [MIGRATION_LOCK]);
    await reader.query("begin isolation level repeatable read, read only");
    await liftLimits(reader);
    await reader.query("set local datestyle = 'ISO, YMD'");
    return await work(reader);
  } finally {
    for (const client of [guard, reader]) client.release(true);
    await Promise.all(pools.map((pool) => pool.end()));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
