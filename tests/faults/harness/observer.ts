import { setTimeout as delay } from "node:timers/promises";
import { MikroORM } from "@mikro-orm/postgresql";

/** Looks into Postgres itself, past the product, and past what is done to Postgres. */
export interface Observer {
  /** Repeats the query until Postgres answers it. */
  rows<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** How long Postgres may be away before the observer gives up, milliseconds. */
const PATIENCE_MS = 60_000;

/** Opens connections of its own, which `application_name` keeps apart from the product's. */
export async function openObserver(url: string): Promise<Observer> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: 4 },
    driverOptions: { connection: { application_name: "harness", connectionTimeoutMillis: 2_000 } },
  });
  return {
    async rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
      const giveUpAt = performance.now() + PATIENCE_MS;
      for (;;) {
        try {
          return (await orm.em.getConnection().execute(sql, parameters)) as T[];
        } catch (error) {
          const isRefused = (error as { code?: string }).code?.match(/^(22|23|42)/);
          if (isRefused || performance.now() > giveUpAt) throw error;
          await delay(100);
        }
      }
    },
    close: () => orm.close(true),
  };
}
