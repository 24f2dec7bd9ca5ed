import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  startThrowAwayPostgres,
  startThrowAwayRedis,
  sweepThrowAways,
} from "../tests/support/throw-away";
import type { Addresses } from "./network";

/** As PostgreSQL comes, power cuts survived; only checkpoints are kept out of the short runs. */
const AS_IT_COMES = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  max_wal_size: "4GB",
  checkpoint_timeout: "30min",
};

/** As `npm run up` runs it: every change goes into a file, which is flushed each second. */
const APPEND_ONLY = ["--appendonly", "yes"];

/** The bench's own servers, with tables in them and nothing else. */
export interface Servers {
  addresses: Addresses;
  pids: { postgres: number; redis: number };
  stop: () => Promise<void>;
}

/** Starts them; their data goes when they stop. */
export async function startServers(progress: (text: string) => void): Promise<Servers> {
  await sweepThrowAways();
  progress("starting PostgreSQL");
  const postgres = await startThrowAwayPostgres({ settings: AS_IT_COMES, log: progress });
  try {
    progress("starting Redis");
    const redis = await startThrowAwayRedis({ args: APPEND_ONLY, log: progress });
    const addresses = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    const stop = async () => void (await Promise.all([postgres.stop(), redis.stop()]));
    await promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/migrate.ts"], {
      env: { ...process.env, ...addresses },
    });
    return { addresses, pids: { postgres: postgres.pid, redis: redis.pid }, stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
