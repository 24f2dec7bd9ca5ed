import { type EntityManager, MikroORM, type Options } from "@mikro-orm/postgresql";
import { entities } from "../domain/entities/index.server";
import { env } from "./env.server";
import { existing, forget, singleton } from "./singleton.server";

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

/** A fresh unit of work. One a request, one a job. */
export function database(): EntityManager {
  return orm().em.fork() as EntityManager;
}

/** Closes the pool if it was opened. */
export async function closeDatabase(): Promise<void> {
  const opened = existing<MikroORM>("orm");
  forget("orm");
  await opened?.close(true);
}
