import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A process that may outlive the program that started it. The start time tells it apart from a
 * later process that was given the same number.
 * @typedef {{ pid: number, started: string }} ProcessIdentity
 */

/**
 * What runs under a process number now, or null when nothing does (a zombie counts as nothing:
 * in a container whose first process reaps nobody, the dead keep their number).
 * @param {number} pid
 * @returns {ProcessIdentity | null}
 */
export function identify(pid) {
  if (!Number.isInteger(pid) || pid <= 1) return null;
  if (existsSync("/proc/self/stat")) {
    const stat = readOrNull(`/proc/${pid}/stat`);
    if (stat === null) return null;
    // The command name is in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : { pid, started: fields[19] ?? "" };
  }
  const ps = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  const line = (ps.stdout ?? "").trim();
  if (ps.status !== 0 || line === "" || line.startsWith("Z")) return null;
  return { pid, started: line.replace(/^\S+\s+/, "") };
}

/** The identity of this very process. @returns {ProcessIdentity} */
export function ownIdentity() {
  return identify(process.pid) ?? { pid: process.pid, started: "" };
}

/**
 * Whether that process, and not a successor with its number, is still alive.
 * @param {ProcessIdentity | null | undefined} identity
 */
export function isRunning(identity) {
  return identity != null && identify(identity.pid)?.started === identity.started;
}

/**
 * Starts a server in a process group of its own, so that a Ctrl-C in the terminal reaches only
 * the program that starts and stops it, which then stops its parts in the right order.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, uid?: number, gid?: number, logFile: string }} options
 * @returns {Promise<ProcessIdentity>}
 */
export async function startDetached(command, args, { env, uid, gid, logFile }) {
  const log = openSync(logFile, "a", 0o600);
  try {
    const child = spawn(command, args, {
      cwd: "/",
      detached: true,
      env: env ?? process.env,
      stdio: ["ignore", log, log],
      ...(uid === undefined ? {} : { uid, gid }),
    });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    const pid = /** @type {number} */ (child.pid);
    return identify(pid) ?? { pid, started: "" };
  } finally {
    closeSync(log);
  }
}

/**
 * Sends a signal and waits until the process is gone; kills it when that takes too long.
 * @param {ProcessIdentity} identity
 * @param {{ signal?: NodeJS.Signals, timeoutMs?: number }} [options]
 */
export async function stopProcess(identity, { signal = "SIGTERM", timeoutMs = 8000 } = {}) {
  if (!isRunning(identity)) return;
  sendSignal(identity.pid, signal);
  const gone = () => !isRunning(identity);
  if (await waitFor(gone, { timeoutMs, everyMs: 20 })) return;
  sendSignal(identity.pid, "SIGKILL");
  await waitFor(gone, { timeoutMs: 5000, everyMs: 20 });
}

/**
 * Stops a process that was started in a group of its own, and then whatever it left in the group.
 * @param {ProcessIdentity} leader
 * @param {{ timeoutMs?: number }} [options]
 */
export async function stopGroup(leader, { timeoutMs } = {}) {
  if (!isRunning(leader)) return;
  await stopProcess(leader, { signal: "SIGTERM", timeoutMs });
  sendSignal(-leader.pid, "SIGKILL");
}

/**
 * A signal to a process (or, with a minus, a group) that may already be gone.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/**
 * The direct children of a process (Linux; empty elsewhere).
 * @param {number} pid
 * @returns {number[]}
 */
export function childrenOf(pid) {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      const stat = readOrNull(`/proc/${candidate}/stat`);
      return stat !== null && stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(pid);
    });
}

/**
 * Asks until the answer is truthy; false when the time is over.
 * @param {() => unknown} condition may be asynchronous
 * @param {{ timeoutMs: number, everyMs?: number }} options
 * @returns {Promise<boolean>}
 */
export async function waitFor(condition, { timeoutMs, everyMs = 50 }) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= end) return false;
    await delay(everyMs);
  }
}

/** @param {string} path */
function readOrNull(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
