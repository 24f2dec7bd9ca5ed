import { createHash } from "node:crypto";
import { type EntityManager, type Knex, MikroORM, type Options } from "@mikro-orm/postgresql";
import { entities } from "../domain/tables";
import { env } from "./env";
import { existing, forget, singleton } from "./singleton";

/** Time limits of every statement, in milliseconds: no request may wait on Postgres for longer. */
export const LOCK_TIMEOUT_MS = 2_000;
export const STATEMENT_TIMEOUT_MS = 3_000;

/** MikroORM's settings, shared by the application and the migrations. */
export function ormOptions({ unlimited = false } = {}): Options {
  return {
    clientUrl: env().DATABASE_URL,
    entities,
    discovery: { warnWhenNoEntities: false },
    // Every use forks; a shared identity map would leak one person's rows into another's request.
    allowGlobalContext: false,
    forceUtcTimezone: true,
    pool: pool(),
    driverOptions: {
      connection: {
        application_name: "mini-compete",
        connectionTimeoutMillis: 2_000,
        keepAlive: true,
        ...(unlimited
          ? {}
          : {
              // The client's own limit is above the server's: it only fires when the server is gone.
              query_timeout: STATEMENT_TIMEOUT_MS + 2_000,
              statement_timeout: STATEMENT_TIMEOUT_MS,
              lock_timeout: LOCK_TIMEOUT_MS,
              idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
            }),
      },
    },
    schemaGenerator: { disableForeignKeys: false },
  };
}

function pool() {
  return {
    min: 0,
    max: env().DATABASE_POOL_MAX,
    acquireTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    // Knex knows this option, MikroORM's type does not. A connection whose last statement ran out
    // of time still waits for its answer, and everybody who got it would wait in turn.
    validate: ({ readyForQuery }: { readyForQuery?: boolean }) => readyForQuery !== false,
  };
}

/** The process' ORM. Made without connecting: the first query opens the first connection. */
export function orm(): MikroORM {
  return singleton("orm", () => MikroORM.initSync(ormOptions()));
}

/** A fresh unit of work: one per request, one per job. */
export function database(): EntityManager {
  return orm().em.fork() as EntityManager;
}

/**
 * Runs a unit of work in a transaction: committed when `work` resolves, rolled back when it throws.
 *
 * Unlike `EntityManager.transactional` it flushes nothing, so `work` writes with `execute`, `insert`
 * and `nativeUpdate`, and only the manager it is given knows the transaction: after the first
 * `AsyncLocalStorage.run` of a process every promise in it costs more.
 *
 * @throws what `work`, the database or the connection to it threw
 */
export async function inTransaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
  const em = database();
  const connection = em.getConnection();
  const transaction = await connection.begin();
  em.setTransactionContext(transaction);
  try {
    const result = await work(em);
    await connection.commit(transaction);
    return result;
  } catch (error) {
    await connection.rollback(transaction);
    throw error;
  }
}

/**
 * Runs a statement in the manager's transaction and returns its rows. Each connection prepares it
 * once: Postgres neither parses nor plans it again.
 *
 * @param sql with `?` for each parameter; one text for any amount of data, so pass lists as one
 */
export async function executePrepared<Row>(
  em: EntityManager,
  sql: string,
  parameters: string[],
): Promise<Row[]> {
  const query = em
    .getKnex()
    .raw(sql, parameters)
    .options({ name: statementName(sql) });
  const transaction = em.getTransactionContext<Knex.Transaction>();
  const { rows } = await (transaction ? query.transacting(transaction) : query);
  return rows;
}

const statementNames = new Map<string, string>();

/** By its text: a new release behind PgBouncer must not meet an old one's statement. */
function statementName(sql: string): string {
  let name = statementNames.get(sql);
  if (!name) {
    name = createHash("sha256").update(sql).digest("base64url").slice(0, 22);
    statementNames.set(sql, name);
  }
  return name;
}

/** Closes the pool if it was opened. */
export async function closeDatabase(): Promise<void> {
  const opened = existing<MikroORM>("orm");
  forget("orm");
  await opened?.close(true);
}
