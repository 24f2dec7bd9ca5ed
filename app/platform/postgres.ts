import { createHash } from "node:crypto";
import {
  CompiledQuery,
  type DatabaseConnection,
  PostgresDialect,
  PostgresDriver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { DatabaseError, Pool, type PoolClient, type QueryConfig, TypeOverrides, types } from "pg";
import { connectFailure, type DatabaseFailure, statementFailure } from "./database-failure";
import { noteFailure } from "./database-outage";
import { type DatabaseAddress, parseDatabaseUrl, pgConfig } from "./database-url";
import { env, migrationAddress } from "./env";
import { isRefusedCommit, outageOf, UnknownCommit } from "./postgres-error";
import { singleton } from "./singleton";

/** Time limits of every statement, in milliseconds: no request may wait on Postgres for longer. */
export const LOCK_TIMEOUT_MS = 2_000;
export const STATEMENT_TIMEOUT_MS = 3_000;

/** How long a request waits for a connection, whether others use them all or none can be made. */
const CONNECTION_TIMEOUT_MS = 3_000;

export interface Limits {
  /** For what takes the time that it takes. */
  unlimited?: boolean;
  /** By MIGRATE_DATABASE_URL, where it is set. */
  migrates?: boolean;
  connectionTimeoutMs?: number;
}

/** A pool of connections to the process' database. Connects when it is first asked for one. */
export function createPool(limits: Limits = {}): Pool {
  const address = limits.migrates
    ? migrationAddress(env())
    : parseDatabaseUrl(env().DATABASE_URL, env());
  const pool = new Pool({
    ...pgConfig(address),
    application_name: applicationName(address),
    max: env().DATABASE_POOL_MAX,
    connectionTimeoutMillis:
      limits.connectionTimeoutMs ?? address.connectTimeoutMs ?? CONNECTION_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Several statements may be on their way at once: `TransactionQuery`.
    pipeline: true,
    types: typesAsMikroOrmReadsThem(),
    ...(limits.unlimited
      ? {}
      : {
          // The client's own limit is above the server's: it only fires when the server is gone.
          query_timeout: STATEMENT_TIMEOUT_MS + 2_000,
          statement_timeout: STATEMENT_TIMEOUT_MS,
          lock_timeout: LOCK_TIMEOUT_MS,
          idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
        }),
  });
  // Both events would end the process if nobody listened. A connection that broke while it was used
  // fails its statement as well, and the pool has already dropped one that broke while it was idle.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  if (!limits.unlimited) requestsPool().pool = pool;
  return pool;
}

/**
 * What Postgres calls the process: its name, and the generation of what processes tell each other. One of
 * an earlier generation has no number, or a lower one.
 */
export function applicationName(address: DatabaseAddress): string {
  return `${nameOf(address)} ${GENERATION}`;
}

/** What a process of the first generation is called, which knows no line. */
export function firstGenerationName(): string {
  return nameOf(parseDatabaseUrl(env().DATABASE_URL, env()));
}

/** Raised where processes of the release before would misread what is in Redis. 2: the line. */
const GENERATION = 2;

/** Postgres cuts a name off after 63 bytes. */
function nameOf({ applicationName = "mini-compete" }: DatabaseAddress): string {
  return Buffer.from(applicationName).subarray(0, 60).toString("utf8");
}

/** The pool that requests and jobs use; none before it was first asked for. */
export function requestsPool() {
  return singleton("requests-pool", (): { pool?: Pool } => ({}));
}

/** Instants stay text: MikroORM turns them into what the entity says. */
function typesAsMikroOrmReadsThem(): TypeOverrides {
  const overrides = new TypeOverrides();
  const { DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL } = types.builtins;
  for (const type of [DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL]) {
    overrides.setTypeParser(type, (text) => text);
  }
  return overrides;
}

/** A query that each connection prepares once: Postgres neither parses nor plans it again. */
export interface PreparedQuery extends CompiledQuery {
  name: string;
}

const prepared = new Map<string, { sql: string; name: string }>();

/** A value of a prepared statement: as text, or in Postgres' binary format. */
export type Parameter = string | Buffer;

/** @param text with `?` for each parameter; one text for any amount of data, so pass lists as one */
export function preparedQuery(text: string, parameters: Parameter[]): PreparedQuery {
  let known = prepared.get(text);
  if (!known) {
    let count = 0;
    const sql = text.replaceAll("?", () => `$${++count}`);
    // By its text: a new release behind PgBouncer must not meet an old one's statement.
    const name = createHash("sha256").update(sql).digest("base64url").slice(0, 22);
    known = { sql, name };
    prepared.set(text, known);
  }
  return { ...CompiledQuery.raw(known.sql, parameters), name: known.name };
}

/** A whole transaction that is sent at once, COMMIT included: it takes one round trip. */
export interface TransactionQuery extends CompiledQuery {
  statements: PreparedQuery[];
  /** Runs when the statements are answered, which takes a second trip; what it throws rolls back. */
  beforeCommit: (() => Promise<void>) | undefined;
}

export function transactionQuery({
  statements,
  beforeCommit,
}: Pick<TransactionQuery, "statements" | "beforeCommit">): TransactionQuery {
  return { ...CompiledQuery.raw("begin"), statements, beforeCommit };
}

/**
 * Kysely's dialect for Postgres, with a driver that loses no connection, keeps no broken one, and
 * tells none of a statement's values in its errors: every error of the database comes through here.
 *
 * Kysely's own never gives a connection back whose BEGIN or ROLLBACK failed (0.29.6): every such
 * failure makes the pool smaller until the process is started again. It also gives a connection
 * back that still waits for the answer of a statement that ran out of time, and the next one to use
 * it would wait in turn.
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

/** A connection that was made before this is closed when its turn comes. */
const distrusted = singleton("distrusted-connections", () => ({ before: 0 }));
const madeAt = new WeakMap<PoolClient, number>();

/** How often connections are replaced at most, milliseconds: new ones may be no better. */
const REPLACED_EVERY_MS = 1_000;

/**
 * Replaces the pool's connections, one by one as they are used: the server that they lead to writes
 * nothing any more. After a failover the same address leads to another one.
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

/** Tells of a failure, and returns it. */
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
   * After a statement that failed Postgres refuses the others, and takes COMMIT for ROLLBACK.
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
