import { type EntityManager, MikroORM } from "@mikro-orm/postgresql";
import type { Pool } from "pg";
import { ormOptions } from "~/platform/orm";
import { createPool } from "~/platform/postgres";
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

/** All the patience that the other sides need, since an error would be quicker than an answer. */
const PATIENCE = { unlimited: true, connectionTimeoutMs: 120_000 };

let pool: Pool | undefined;

/** The other sides' database: its pool has as many connections as the product's. */
export function rivalDatabase(): EntityManager {
  orm ??= new MikroORM({
    ...ormOptions(PATIENCE),
    entities: [SeedCompetition, SeedRegistration],
  });
  return orm.em.fork() as EntityManager;
}

/** Lends a connection of as large a pool, without the ORM. */
export async function withRawClient<T>(work: (client: RawClient) => Promise<T>): Promise<T> {
  pool ??= createPool(PATIENCE);
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** One statement; its name makes it a prepared one. */
export function statement(name: string, text: string, values: unknown[]) {
  return { name, text, values };
}

/** Closes the pools. */
export async function closeRivals(): Promise<void> {
  await pool?.end();
  await orm?.close(true);
}
