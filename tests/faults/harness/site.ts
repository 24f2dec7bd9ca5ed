import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, makeTemporaryFolder } from "../../../scripts/services/places.ts";
import { pickPort } from "../../../scripts/services/ports.ts";
import { startPostgres } from "../../../scripts/services/postgres.ts";
import { startRedis } from "../../../scripts/services/redis.ts";
import { copyMigratedCluster } from "../../support/copied-cluster.ts";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy";
import { type GuardName, guard } from "../guards";
import { PROJECT, serversWithout } from "../guards/sources";
import { Member } from "./member";
import { type Observer, openObserver } from "./observer";

type Service = Awaited<ReturnType<typeof startRedis>>;

/** Everything that is under test, and the handles to harm it. */
export interface Site {
  webs: Member[];
  workers: Member[];
  /** Those of them that are of an older version, until they are replaced. */
  older: Member[];
  /** Until when all that is known of the last of those is that it served, by `performance.now`. */
  lastOlderAt: number;
  ports: number[];
  redis: Service;
  /** Where Redis keeps what it is to find again after a restart. */
  redisFolder: string;
  postgres: Service;
  /** The first web and the first worker reach the servers only through these. */
  proxies: TcpProxy[];
  observer: Observer;
  env: Record<string, string>;
  stop(): Promise<void>;
}

export interface SiteOptions {
  webs: number;
  workers: number;
  holdSeconds: number;
  /** Every process reaches the servers themselves. */
  isDirect?: boolean;
  /** Settings beyond the usual ones. */
  settings?: Record<string, string>;
  /** Where an older version is built: every other process is of it at first. */
  olderFolder?: string | undefined;
  /** The guard that is taken out of every process, and out of the database. */
  without?: GuardName;
}

/** Acknowledged rows survive a crash only where they were flushed. */
const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };
/** A rush must not wait for connections that killed processes have left behind. */
const CONNECTIONS = { max_connections: 300 };
const HOUR_MS = 3_600_000;

/**
 * Starts Postgres and Redis with durable data of their own, and real web and worker processes of
 * the production build. One web's clock is an hour ahead, another's an hour behind.
 */
export async function startSite(options: SiteOptions): Promise<Site> {
  const dataFolder = makeTemporaryFolder("harness");
  const stops: (() => Promise<void> | void)[] = [
    () => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const redisFolder = join(dataFolder, "redis");
    const dataDir = join(dataFolder, "postgres");
    await copyMigratedCluster(dataDir);
    const [postgres, redis] = await Promise.all([
      startPostgres({ dataDir, settings: { ...DURABLE, ...CONNECTIONS } }),
      startRedis({ dataDir: redisFolder }),
    ]);
    stops.push(
      () => postgres.stop(),
      () => redis.stop(),
    );
    const env = environment({ postgres, redis, options });
    const observer = await openObserver(postgres.url);
    stops.push(() => observer.close());
    let folder = PROJECT;
    if (options.without) {
      for (const statement of guard(options.without).sql ?? []) await observer.rows(statement);
      const build = await serversWithout(options.without);
      stops.push(build.remove);
      folder = build.folder;
    }

    const proxies = [await startTcpProxy(postgres.port), await startTcpProxy(redis.port)];
    stops.push(async () => {
      for (const proxy of proxies) await proxy.stop();
    });
    const [toPostgres, toRedis] = proxies as [TcpProxy, TcpProxy];
    const indirect = {
      DATABASE_URL: toPostgres.through(postgres.url),
      REDIS_URL: toRedis.through(redis.url),
    };
    const through = (index: number) => (index === 0 && !options.isDirect ? indirect : {});
    const folderOf = (index: number) => (index % 2 === 1 && options.olderFolder) || folder;
    const ports = await Promise.all(Array.from({ length: options.webs }, () => pickPort()));
    const webs = ports.map((port, index) => {
      const own = { PORT: String(port), CLOCK_OFFSET_MS: String(clockOffsetMs(index)) };
      return new Member({
        folder: folderOf(index),
        program: "build/server.js",
        env: { ...env, ...own, ...through(index) },
      });
    });
    const workers = Array.from({ length: options.workers }, (_, index) => {
      return new Member({
        folder: folderOf(index),
        program: "build/worker.js",
        // Mail in a loop waits its turn, as on a real site.
        env: { ...env, RATE_LIMITS: "on", WORKER_PORT: "0", ...through(index) },
      });
    });
    const members = [...webs, ...workers];
    const older = options.olderFolder
      ? [webs, workers].flatMap((some) => some.filter((_, index) => index % 2 === 1))
      : [];
    stops.push(async () => void (await Promise.all(members.map((member) => member.stop()))));
    await Promise.all(members.map((member) => member.start()));
    const harmed = { redis, redisFolder, postgres, proxies };
    return { webs, workers, older, lastOlderAt: 0, ports, ...harmed, observer, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first is right; then one an hour ahead and one an hour behind, and so on. */
function clockOffsetMs(index: number): number {
  return [0, HOUR_MS, -HOUR_MS][index % 3] ?? 0;
}

function environment({
  postgres,
  redis,
  options: { holdSeconds, settings },
}: {
  postgres: Service;
  redis: Service;
  options: SiteOptions;
}): Record<string, string> {
  return {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    REDIS_PREFIX: "harness",
    SESSION_SECRET: randomBytes(32).toString("hex"),
    JWT_SECRET: randomBytes(32).toString("hex"),
    RATE_LIMITS: "off",
    LOG_LEVEL: "error",
    HOLD_SECONDS: String(holdSeconds),
    FAILPOINT_STALL_MS: "1500",
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cacheFolder, "compiled"),
    // The settings of the person who runs the tests do not belong to the product.
    REDIS_CLUSTER: "off",
    SMTP_URL: "",
    ...settings,
  };
}
