import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { isRunning, ownIdentity, waitFor } from "./process.mjs";

/**
 * What is remembered beside a service's data folder, so that the next start finds the same port
 * and password, and recognises a server that a killed run left behind.
 * @typedef {object} ServiceState
 * @property {number} [port]
 * @property {string} [password]
 * @property {import("./process.mjs").ProcessIdentity} [server]
 * @property {import("./process.mjs").ProcessIdentity} [owner] the program that stops it
 * @property {string} [container] the Docker container, when that is how it runs
 * @property {string} [how]
 */

/** @param {string} dataDir */
export const stateFileOf = (dataDir) => `${dataDir}.json`;

/**
 * @param {string} dataDir
 * @returns {ServiceState} empty when nothing usable is remembered
 */
export function readState(dataDir) {
  try {
    const state = JSON.parse(readFileSync(stateFileOf(dataDir), "utf8"));
    return state !== null && typeof state === "object" ? state : {};
  } catch {
    return {};
  }
}

/**
 * @param {string} dataDir
 * @param {ServiceState} state
 */
export function writeState(dataDir, state) {
  // Renamed into place: a reader, or a crash, never meets half a file.
  const draft = `${stateFileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, stateFileOf(dataDir));
}

/**
 * Runs `work` while no other live process holds the same lock file.
 * @template T
 * @param {string} lockFile
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileLocked(lockFile, work) {
  mkdirSync(dirname(lockFile), { recursive: true });
  if (!(await waitFor(() => takeLock(lockFile), { timeoutMs: 120_000, everyMs: 100 }))) {
    throw new Error(`Another start is still under way (${lockFile}).`);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** @param {string} lockFile */
function takeLock(lockFile) {
  try {
    const file = openSync(lockFile, "wx", 0o600);
    writeSync(file, JSON.stringify(ownIdentity()));
    closeSync(file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    if (!isHeld(lockFile)) rmSync(lockFile, { force: true });
    return false;
  }
}

/** Whether the lock's holder lives; half a lock file is a holder that died while writing it. */
function isHeld(/** @type {string} */ lockFile) {
  try {
    return isRunning(JSON.parse(readFileSync(lockFile, "utf8")));
  } catch {
    return false;
  }
}
