import {
  type CompiledQuery,
  type DatabaseConnection,
  PostgresDialect,
  PostgresDriver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { DatabaseError, type Pool, type PoolClient, type QueryConfig } from "pg";
import { connectFailure, type DatabaseFailure, statementFailure } from "./database-failure";
import { noteFailure } from "./database-outage";
import { isRefusedCommit, outageOf, UnknownCommit } from "./postgres-error";
import type { PreparedQuery, TransactionQuery } from "./postgres-statements";
import { singleton } from "./singleton";

/**
 * Kysely's dialect for Postgres, with a driver that loses no connection, keeps no broken one, and reveals
 * none of a statement's values in its errors: all errors of the database pass through here.
 *
 * Kysely's own driver (0.29.6) never returns a connection whose BEGIN or ROLLBACK failed, so each such
 * failure makes the pool smaller until the process restarts. It also returns a connection that still waits
 * for the answer to a statement that timed out, so the next user of that connection would wait, too.
 */
export class PooledPostgresDialect extends PostgresDialect {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super({ pool });
    this.#pool = pool;
  }

  override createDriver(): PostgresDriver {
    return new PooledDriver(this.#pool);
  }
}

/** A connection that was made before this is closed when it is next used. */
const distrusted = singleton("distrusted-connections", () => ({ before: 0 }));
const madeAt = new WeakMap<PoolClient, number>();

/** How often connections are replaced at most, milliseconds: new ones may be no better. */
const REPLACED_EVERY_MS = 1_000;

/**
 * Replaces the pool's connections, one by one as they are used, because their server no longer writes.
 * After a failover the same address leads to another server.
 */
export function distrustConnections(): void {
  const now = performance.now();
  if (now - distrusted.before >= REPLACED_EVERY_MS) distrusted.before = now;
}

class PooledDriver extends PostgresDriver {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super({ pool });
    this.#pool = pool;
  }

  override async acquireConnection(): Promise<PooledConnection> {
    for (;;) {
      const client = await this.#pool.connect().catch((error: unknown) => {
        throw this.#note(connectFailure(error));
      });
      const made = madeAt.get(client) ?? performance.now();
      madeAt.set(client, made);
      if (made >= distrusted.before) {
        return new PooledConnection(client, (failure, sql) => this.#note(failure, sql));
      }
      client.release(true);
    }
  }

  #note(failure: DatabaseFailure, sql?: string): DatabaseFailure {
    if (outageOf(failure) === "database_read_only") distrustConnections();
    noteFailure(failure, { pool: this.#pool, sql });
    return failure;
  }

  override async beginTransaction(
    connection: PooledConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    try {
      await super.beginTransaction(connection, settings);
    } catch (error) {
      // Nobody else can: Kysely hands out no transaction, and with it no way to end one.
      connection.giveBack({ broken: true });
      throw error;
    }
  }

  /** Never fails: a connection that cannot roll back is closed, which makes Postgres roll back. */
  override async rollbackTransaction(connection: PooledConnection): Promise<void> {
    if (connection.isBroken) return;
    await super.rollbackTransaction(connection).catch(() => connection.giveBack({ broken: true }));
  }

  override async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof PooledConnection) connection.giveBack();
  }
}

/** Reports a failure, and returns it. */
type Note = (failure: DatabaseFailure, sql: string) => DatabaseFailure;

/** One use of a connection, from the pool and back. */
class PooledConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #note: Note;
  #isBroken = false;
  #isGivenBack = false;

  constructor(client: PoolClient, note: Note) {
    this.#client = client;
    this.#note = note;
  }

  /** After an error that was no answer of Postgres nobody knows what the connection still waits for. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  async executeQuery<Row>(
    query: CompiledQuery | PreparedQuery | TransactionQuery,
  ): Promise<QueryResult<Row>> {
    if ("statements" in query) return { rows: (await this.#transact(query)) as Row[] };
    const { command, rowCount, rows } = await this.#answer({
      text: query.sql,
      values: [...query.parameters],
      name: "name" in query ? query.name : undefined,
    });
    // Several statements in one text have no rows of their own.
    if (!WRITES.has(command)) return { rows: rows ?? [] };
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error("Nothing streams rows: read them in pages.");
  }

  giveBack({ broken = this.#isBroken } = {}): void {
    if (this.#isGivenBack) return;
    this.#isGivenBack = true;
    this.#client.release(broken);
  }

  /**
   * After a failed statement, Postgres refuses the others, and treats COMMIT as ROLLBACK.
   *
   * @returns the rows of each statement
   * @throws UnknownCommit where COMMIT was not answered, else what rolled the transaction back
   */
  async #transact({ sql, statements, beforeCommit }: TransactionQuery): Promise<unknown[][]> {
    const { stream } = this.#client.connection;
    stream.cork();
    const begun = this.#answer({ text: sql });
    const asked = statements.map((one) =>
      this.#answer({ text: one.sql, values: [...one.parameters], name: one.name }),
    );
    const answers = Promise.all([begun, ...asked]);
    // It is listened to at once: a rejection that waits for COMMIT's answer would end the process.
    const failure = answers.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (beforeCommit) {
      stream.uncork();
      try {
        await answers;
        await beforeCommit();
      } catch (error) {
        await this.#answer({ text: "rollback" }).catch(() => {});
        throw error;
      }
    }
    const committing = this.#answer({ text: "commit" });
    if (!beforeCommit) stream.uncork();
    try {
      await committing;
    } catch (error) {
      if (isRefusedCommit(error)) throw error;
      throw new UnknownCommit(error);
    }
    const failed = await failure;
    if (failed) throw failed.error;
    return (await answers).slice(1).map(({ rows }) => rows);
  }

  async #answer(query: QueryConfig) {
    try {
      return await this.#client.query(query);
    } catch (error) {
      if (!(error instanceof DatabaseError)) this.#isBroken = true;
      throw this.#note(statementFailure(error, query.text), query.text);
    }
  }
}

const WRITES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
