import { type EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { env } from "~/platform/env";
import { ormOptions } from "~/platform/orm";
import { SeedCompetition, SeedRegistration } from "./rival-entities";

let orm: MikroORM | undefined;

/** As much as the bench uses of a client of the driver, below the ORM and its query builder. */
export interface RawClient {
  query(query: {
    text: string;
    values?: unknown[];
    /** Prepared once a connection under this name. */
    name?: string;
  }): Promise<{ rows: Record<string, unknown>[] }>;
}

/**
 * The other sides' pool: as many connections as the product has, and all the patience they need,
 * since an error would be quicker than an answer.
 */
export function rivalDatabase(): EntityManager {
  orm ??= MikroORM.initSync({
    ...ormOptions({ unlimited: true }),
    entities: [SeedCompetition, SeedRegistration],
    pool: { min: 0, max: env().DATABASE_POOL_MAX, acquireTimeoutMillis: 120_000 },
  });
  return orm.em.fork() as EntityManager;
}

/** Lends one of its connections, without the ORM. */
export async function withRawClient<T>(work: (client: RawClient) => Promise<T>): Promise<T> {
  const { client: pool } = rivalDatabase().getConnection().getKnex();
  const client: RawClient = await pool.acquireConnection();
  try {
    return await work(client);
  } finally {
    await pool.releaseConnection(client);
  }
}

/** One statement; its name makes it a prepared one. */
export function statement(name: string, text: string, values: unknown[]) {
  return { name, text, values };
}

/** Closes the pool. */
export async function closeRivals(): Promise<void> {
  await orm?.close(true);
}
