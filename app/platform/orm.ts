import { type EntityManager, MikroORM, type Options } from "@mikro-orm/postgresql";
import { entities } from "../domain/tables";
import { parseDatabaseUrl } from "./database-url";
import { env, migrationAddress } from "./env";
import { createPool, type Limits } from "./postgres";
import { PooledPostgresDialect } from "./postgres-driver";
import { type Parameter, preparedQuery, transactionQuery } from "./postgres-statements";
import { existing, forget, singleton } from "./singleton";

/** MikroORM's settings, shared by the application and the migrations. */
export function ormOptions(limits: Limits = {}): Options {
  const { database } = limits.migrates
    ? migrationAddress(env())
    : parseDatabaseUrl(env().DATABASE_URL);
  return {
    dbName: database ?? "postgres",
    driverOptions: () => new PooledPostgresDialect(createPool(limits)),
    entities,
    discovery: { warnWhenNoEntities: false },
    // Every use forks; a shared identity map would leak one person's rows into another's request.
    allowGlobalContext: false,
    forceUtcTimezone: true,
    // Functions are made by migrations alone.
    schemaGenerator: {
      disableForeignKeys: false,
      defaultUpdateRule: "cascade",
      ignoreRoutines: true,
    },
  };
}

/** The process' ORM. Made without connecting: the first query opens the first connection. */
export function orm(): MikroORM {
  return singleton("orm", () => new MikroORM(ormOptions()));
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

/** A statement and the values of its `?`: one text for any amount of data, so pass lists as one. */
export interface Statement {
  sql: string;
  parameters: Parameter[];
}

/**
 * Runs statements as a transaction of their own, sent in one piece with its COMMIT: none can depend on
 * another's result. Each connection prepares them once.
 *
 * @param beforeCommit runs once the statements are answered, which costs a second round trip; if it throws,
 *   the transaction rolls back
 * @returns the rows of each
 * @throws UnknownCommit where COMMIT was not answered; any other error means rolled back
 */
export async function inOneTrip(
  statements: Statement[],
  { beforeCommit }: { beforeCommit?: (() => Promise<void>) | undefined } = {},
): Promise<unknown[][]> {
  const prepared = statements.map(({ sql, parameters }) => preparedQuery(sql, parameters));
  const query = transactionQuery({ statements: prepared, beforeCommit });
  return (await database().getKysely().executeQuery<unknown[]>(query)).rows;
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
  parameters: Parameter[],
): Promise<Row[]> {
  const { rows } = await em.getKysely().executeQuery<Row>(preparedQuery(sql, parameters));
  return rows;
}

/**
 * Makes queries use indexes, until the end of the transaction. A cached plan may have been made when a
 * table had one page, and would go on reading all of it after it has grown.
 */
export const BY_INDEX_SQL = "set_config('enable_seqscan', 'off', true)";

/** Closes the pool if it was opened. */
export async function closeDatabase(): Promise<void> {
  const opened = existing<MikroORM>("orm");
  forget("orm");
  await opened?.close(true);
}
