import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { RUNS_TYPESCRIPT } from "../tests/support/runs-typescript.ts";
import {
  startThrowAwayPostgres,
  startThrowAwayRedis,
  sweepThrowAways,
} from "../tests/support/throw-away.ts";
import type { Network } from "./measure.ts";

/** Where programs find Postgres and Redis. */
export interface Addresses {
  DATABASE_URL: string;
  REDIS_URL: string;
}

/** Nothing of the developer's own settings may change what is measured. */
export const SETTINGS = {
  NODE_ENV: "production" as const,
  LOG_LEVEL: "error",
  RATE_LIMITS: "off",
  WAITLIST: "on",
  REDIS_PREFIX: "bench",
  DATABASE_POOL_MAX: "10",
  SESSION_SECRET: "a-session-secret-of-the-bench-0123456789",
  JWT_SECRET: "a-token-secret-of-the-bench-0123456789",
  SMTP_URL: "",
};

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

/** The bench's own servers. */
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
    // After Ctrl-C nothing waits for them to stop; the next start removes their data.
    const kill = () => {
      for (const { pid } of [postgres, redis]) process.kill(pid, "SIGINT");
    };
    process.once("exit", kill);
    return {
      addresses: { DATABASE_URL: postgres.url, REDIS_URL: redis.url },
      pids: { postgres: postgres.pid, redis: redis.pid },
      async stop() {
        process.off("exit", kill);
        await Promise.all([postgres.stop(), redis.stop()]);
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Makes the tables, with another program where another commit has its own. */
export async function migrate(
  addresses: Addresses,
  { program = ["--import", RUNS_TYPESCRIPT, "scripts/migrate.ts"], cwd = "." } = {},
): Promise<void> {
  const env = { ...process.env, ...addresses };
  await promisify(execFile)(process.execPath, program, { cwd, env });
}

/** What an answer of Postgres or Redis takes longer on the delayed network, milliseconds. */
const DELAY_MS = 1;

/** The same servers, seen over each network. */
export interface Networks {
  addresses: Record<Network, Addresses>;
  stop: () => void;
}

/** Puts a delaying proxy, a process of its own, in front of both servers. */
export async function startNetworks(direct: Addresses, delayProxy: string): Promise<Networks> {
  const urls = [direct.DATABASE_URL, direct.REDIS_URL].map((url) => new URL(url));
  const targets = urls.map(({ hostname, port }) => ({ host: hostname, port: Number(port) }));
  const order = JSON.stringify({ targets, delayMs: DELAY_MS });
  const proxy: ChildProcess = fork(delayProxy, [order], { execArgv: [] });
  const [ports]: number[][] = (await once(proxy, "message")) as [number[]];
  const [database, redis] = urls.map((url, index) => {
    const behind = new URL(url);
    behind.port = String(ports?.[index]);
    return behind.href;
  });
  return {
    addresses: {
      loopback: direct,
      delayed: { DATABASE_URL: database ?? "", REDIS_URL: redis ?? "" },
    },
    stop: () => void proxy.kill(),
  };
}
