import { randomBytes } from "node:crypto";
import { Client, type Pool } from "pg";
import { connectFailure, type DatabaseFailure, tablesWritten } from "./database-failure";
import { log } from "./log";
import { type DatabaseOutage, outageOf } from "./postgres-error";
import { singleton } from "./singleton";

/** Where a failure was met: the pool, and the statement if it came to one. */
interface Met {
  pool: Pool;
  sql?: string;
}

interface Outage {
  pool: Pool;
  since: number;
  reasons: Set<DatabaseOutage>;
  lastFailureAt: number;
  /** How long nothing may have failed before it counts as over, milliseconds. */
  calmMs: number;
  /** Set if only writing fails: only a write shows whether it is over, best to these tables. */
  write?: { tables: Set<string> };
}

/** How long to wait between two looks, milliseconds. */
const PAUSE_MS = 500;
/** An outage that is back this soon was not over: our look cannot see it. Milliseconds. */
const RELAPSE_MS = 5_000;
const MOST_CALM_MS = 60_000;

/** More than any table has room for in its existing pages. */
const BYTES_TO_WRITE = 65_536;

/**
 * Tells the log of an outage: one line when it begins, one for each further reason, one when it is
 * over, however many requests it fails. Meanwhile a connection of its own looks twice a second.
 */
export function noteFailure(failure: DatabaseFailure, { pool, sql }: Met): void {
  const reason = outageOf(failure);
  // Nobody needs a closed pool, so its failures do not matter.
  if (!reason || pool.ending) return;
  const now = performance.now();
  const running = state().outage?.pool === pool ? state().outage : undefined;
  const outage = running ?? relapse(pool, now) ?? begin(pool, now);
  state().outage = outage;
  outage.lastFailureAt = now;
  if (FAULTS_OF_WRITING.includes(reason) && sql) {
    outage.write ??= { tables: new Set() };
    for (const table of tablesWritten(sql)) outage.write.tables.add(table);
  }
  if (!outage.reasons.has(reason)) {
    outage.reasons.add(reason);
    log.error({ reason, err: failure }, "postgres is of no use");
  }
  if (!running) lookAgain(outage);
}

/**
 * Whether Postgres writes again after an outage that reading does not show: with a full disk it still
 * reads, and does whatever needs no room.
 *
 * @returns why it does not
 */
export async function findFaultOfWriting(): Promise<DatabaseOutage | undefined> {
  const { outage } = state();
  return outage?.write && look(outage);
}

const FAULTS_OF_WRITING: DatabaseOutage[] = ["database_full", "database_out_of_memory"];

function begin(pool: Pool, now: number): Outage {
  return { pool, since: now, reasons: new Set(), lastFailureAt: now, calmMs: 0 };
}

/** The last outage, when it is back before anybody could have mended and broken it again. */
function relapse(pool: Pool, now: number): Outage | undefined {
  const { last } = state();
  if (!last || last.pool !== pool || now - last.endedAt > RELAPSE_MS) return undefined;
  last.calmMs = Math.min(MOST_CALM_MS, Math.max(RELAPSE_MS, last.calmMs * 2));
  return last;
}

function lookAgain(outage: Outage): void {
  setTimeout(async () => {
    if (outage.pool.ending) return;
    const reason = await look(outage);
    const calmFor = performance.now() - outage.lastFailureAt;
    if (reason || calmFor < outage.calmMs) lookAgain(outage);
    else end(outage);
  }, PAUSE_MS).unref();
}

function end(outage: Outage): void {
  const { reasons, since } = outage;
  outage.write = undefined;
  state().outage = undefined;
  state().last = Object.assign(outage, { endedAt: performance.now() });
  const seconds = Math.round((performance.now() - since) / 1_000);
  log.info({ reasons: [...reasons], seconds }, "postgres serves again");
}

/** Does what has failed, by a connection of its own. @returns why it fails */
async function look({ pool, write }: Outage): Promise<DatabaseOutage | undefined> {
  // With the pool's own options: a copy would lack the password, which cannot be enumerated.
  const client = new Client(pool.options);
  client.on("error", () => {});
  try {
    await client.connect().catch((error: unknown) => {
      throw connectFailure(error);
    });
    const { rows } = await client.query<{ read_only: boolean }>(IS_READ_ONLY);
    if (rows[0]?.read_only) return "database_read_only";
    if (write) await tryToWrite(client, write.tables);
    return undefined;
  } catch (error) {
    return outageOf(error);
  } finally {
    client.end().catch(() => {});
  }
}

/** True for a replica, or a server that was told to write nothing. Asking needs no rights. */
export const IS_READ_ONLY =
  "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only";

/**
 * Writes 64 KiB that do not compress, and rolls back. A large object needs neither one of our tables nor
 * the right to create one, and is stored where the tables are. Then inserts a row of defaults into each
 * table where writing failed, which may have a quota, or a disk, of its own.
 */
async function tryToWrite(client: Client, tables: Set<string>): Promise<void> {
  await client.query("begin");
  await client.query("select lo_from_bytea(0, $1)", [randomBytes(BYTES_TO_WRITE)]);
  await client.query("rollback");
  for (const table of tables) {
    await client.query(`begin; insert into "${table}" default values`).catch((error: unknown) => {
      if (outageOf(error)) throw error;
    });
    await client.query("rollback");
  }
}

function state() {
  return singleton(
    "database-outage",
    (): {
      outage?: Outage;
      last?: Outage & { endedAt: number };
    } => ({}),
  );
}
