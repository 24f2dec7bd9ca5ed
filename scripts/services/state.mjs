import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/**
 * Takes the lock if it is free or its holder is dead. It appears with its content, by a link, so
 * that nobody takes a holder who is just writing his name for one who died while doing so.
 * @param {string} lockFile
 */
function takeLock(lockFile) {
  const draft = `${lockFile}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, JSON.stringify(ownIdentity()), { mode: 0o600 });
  try {
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    removeStale(lockFile, draft);
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Moved away first, then looked at again: another waiter may have removed the stale lock and
 * taken a fresh one since we looked.
 * @param {string} lockFile
 * @param {string} aside
 */
function removeStale(lockFile, aside) {
  if (isHeld(lockFile)) return;
  try {
    renameSync(lockFile, aside);
    if (isHeld(aside)) linkSync(aside, lockFile);
  } catch {
    // Gone already, or taken by the next: this waiter asks again.
  }
}

/** @param {string} lockFile */
function isHeld(lockFile) {
  try {
    return isRunning(JSON.parse(readFileSync(lockFile, "utf8")));
  } catch {
    return false;
  }
}
