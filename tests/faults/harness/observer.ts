import { setTimeout as delay } from "node:timers/promises";
import type { QueryResultRow } from "pg";
import { openPool } from "../../support/databases";

/** Looks into Postgres itself, past the product, and past what is done to Postgres. */
export interface Observer {
  /** Repeats the query, with `?` for each parameter, until Postgres answers it. */
  rows<T extends QueryResultRow>(sql: string, parameters?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** How long Postgres may be away before the observer gives up, milliseconds. */
const PATIENCE_MS = 60_000;

/** Opens connections of its own, which `application_name` keeps apart from the product's. */
export async function openObserver(url: string): Promise<Observer> {
  const pool = openPool({
    connectionString: url,
    max: 4,
    application_name: "harness",
    connectionTimeoutMillis: 2_000,
  });
  return {
    async rows<T extends QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<T[]> {
      let count = 0;
      const text = sql.replaceAll("?", () => `$${++count}`);
      const giveUpAt = performance.now() + PATIENCE_MS;
      for (;;) {
        try {
          return (await pool.query<T>(text, parameters)).rows;
        } catch (error) {
          const isRefused = (error as { code?: string }).code?.match(/^(22|23|42)/);
          if (isRefused || performance.now() > giveUpAt) throw error;
          await delay(100);
        }
      }
    },
    close: () => pool.end(),
  };
}
