import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import lockfile from "proper-lockfile";
import type { ProcessIdentity } from "./process.ts";

/**
 * What is remembered beside a service's data folder, so that the next start finds the same port
 * and password, and recognises a server that a killed run left behind.
 */
export interface ServiceState {
  port?: number;
  password?: string;
  server?: ProcessIdentity;
  /** The program that stops it. */
  owner?: ProcessIdentity;
}

/** Empty when nothing usable is remembered. */
export function readState(dataDir: string): ServiceState {
  try {
    return JSON.parse(readFileSync(`${dataDir}.json`, "utf8")) ?? {};
  } catch {
    return {};
  }
}

/** Adds to what is remembered. */
export function remember(dataDir: string, news: ServiceState): void {
  // Renamed into place: a reader, or a crash, never meets half a file.
  const draft = `${dataDir}.json.${process.pid}`;
  const state = JSON.stringify({ ...readState(dataDir), ...news }, null, 2);
  writeFileSync(draft, `${state}\n`, { mode: 0o600 });
  renameSync(draft, `${dataDir}.json`);
}

/** Works on a path while no other process, nor another call of this one, does. */
export async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const release = await lockfile.lock(path, {
    realpath: false,
    // So long the lock of a killed process lasts, milliseconds.
    stale: 5_000,
    update: 1_000,
    retries: { retries: 1200, minTimeout: 100, maxTimeout: 100 },
    // We were suspended for longer than that. What is under way is finished all the same.
    onCompromised: () => {},
  });
  try {
    return await work();
  } finally {
    await release().catch(() => {});
  }
}
