import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemporaryFolder, TEMPORARY_PREFIX } from "../../scripts/services/places.ts";
import { type PostgresOptions, startPostgres } from "../../scripts/services/postgres.ts";
import { isRunning, stopProcess } from "../../scripts/services/process.ts";
import { type RedisOptions, startRedis } from "../../scripts/services/redis.ts";
import type { Service } from "../../scripts/services/server.ts";
import { readState } from "../../scripts/services/state.ts";
import { copyCluster } from "./copied-cluster.ts";

type Log = ((line: string) => void) | undefined;

/** Nothing here has to survive a power cut, so nothing waits for a disk. */
export const POSTGRES_IN_A_HURRY = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

/** A Redis that keeps nothing on the disk. */
const IN_MEMORY = ["--appendonly", "no", "--save", ""];

/** Both servers, on free ports, with data that goes when they stop. */
export async function startThrowAway({ log }: { log?: Log } = {}) {
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

export function startThrowAwayPostgres({
  settings = {},
  log,
}: {
  settings?: PostgresOptions["settings"];
  log?: Log;
} = {}): Promise<Service> {
  const all = { ...POSTGRES_IN_A_HURRY, ...settings };
  return throwAway("postgres", async (dataDir) => {
    // What is measured on a disk is measured on files that were written as usual.
    if (all.fsync === "off") await copyCluster(dataDir);
    return startPostgres({ dataDir, settings: all, log });
  });
}

export function startThrowAwayRedis(options: Partial<RedisOptions> = {}): Promise<Service> {
  return throwAway("redis", (dataDir) => startRedis({ args: IN_MEMORY, ...options, dataDir }));
}

/** Removes what runs that were killed have left: servers whose starter is gone, and their data. */
export async function sweepThrowAways(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const services = ["postgres", "redis", "nginx"].map((service) =>
      readState(join(folder, service)),
    );
    const orphans = services.filter(({ owner }) => owner && !isRunning(owner));
    for (const { server } of orphans) {
      if (server) await stopProcess(server, { signal: "SIGKILL" });
    }
    if (orphans.length > 0) removeFolder(folder);
  }
}

/** A service whose data lies in a new folder, and goes when it stops. */
export async function throwAway(
  name: string,
  start: (dataDir: string) => Promise<Service>,
): Promise<Service> {
  const folder = makeTemporaryFolder(name);
  try {
    const service = await start(join(folder, name));
    // Not a copy: a spread would freeze the getters at their first value.
    return Object.assign(Object.create(service) as Service, {
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

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // Somebody else's folder, or a file that a dying server is writing: the next sweep has it.
  }
}
