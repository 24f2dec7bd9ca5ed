import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemporaryFolder, TEMPORARY_PREFIX } from "./places.mjs";
import { startPostgres } from "./postgres.mjs";
import { isRunning, stopProcess } from "./process.mjs";
import { REDIS_IN_MEMORY, startRedis } from "./redis.mjs";
import { readState } from "./state.mjs";

/** Nothing here has to survive a power cut, so nothing waits for a disk. */
export const POSTGRES_IN_A_HURRY = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

/**
 * Both servers, on free ports, with data that goes when they stop.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function startThrowAway({ log } = {}) {
  await sweepThrowAways();
  const postgres = await startThrowAwayPostgres({ log });
  try {
    const redis = await startThrowAwayRedis({ log });
    const stop = async () => void (await Promise.all([postgres.stop(), redis.stop()]));
    return { postgres, redis, stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/**
 * @param {{ settings?: Record<string, string | number>, log?: (line: string) => void }} [options]
 */
export async function startThrowAwayPostgres({ settings = {}, log } = {}) {
  const folder = makeTemporaryFolder("postgres");
  return throwAway(folder, () =>
    startPostgres({
      dataDir: join(folder, "postgres"),
      settings: { ...POSTGRES_IN_A_HURRY, ...settings },
      log,
    }),
  );
}

/** @param {Partial<import("./redis.mjs").RedisOptions>} [options] */
export async function startThrowAwayRedis(options = {}) {
  const folder = makeTemporaryFolder("redis");
  const dataDir = join(folder, "redis");
  return throwAway(folder, () => startRedis({ args: REDIS_IN_MEMORY, ...options, dataDir }));
}

/**
 * Removes what runs that were killed have left: servers whose starter is gone, and their data.
 */
export async function sweepThrowAways() {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const services = ["postgres", "redis"].map((service) => readState(join(folder, service)));
    const orphans = services.filter(({ owner }) => owner && !isRunning(owner));
    for (const { server } of orphans) {
      if (server) await stopProcess(server, { signal: "SIGKILL" });
    }
    if (orphans.length > 0) removeFolder(folder);
  }
}

/**
 * @param {string} folder
 * @param {() => Promise<import("./server.mjs").Service>} start
 * @returns {Promise<import("./server.mjs").Service>}
 */
async function throwAway(folder, start) {
  try {
    const service = await start();
    // Not a copy: a spread would freeze the getters at their first value.
    return Object.assign(Object.create(service), {
      async stop() {
        await service.stop();
        removeFolder(folder);
      },
    });
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/** @param {string} folder */
function removeFolder(folder) {
  if (!existsSync(folder)) return;
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // Somebody else's folder, or a file that a dying server is writing: the next sweep has it.
  }
}
