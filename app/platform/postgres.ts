import { Pool, TypeOverrides, types } from "pg";
import { type DatabaseAddress, parseDatabaseUrl, pgConfig } from "./database-url";
import { env, migrationAddress } from "./env";
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
 * The name under which Postgres knows the process: the program's name and the generation of the protocol
 * between processes. A process of an earlier generation has no number, or a lower one.
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
