import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { isPortFree, pickPort } from "./ports.mjs";
import {
  childrenOf,
  identify,
  isRunning,
  ownIdentity,
  sendSignal,
  startDetached,
  stopProcess,
  waitFor,
} from "./process.mjs";
import { readState, writeState } from "./state.mjs";

/**
 * A database server that this program uses.
 * @typedef {object} Service
 * @property {string} url
 * @property {number} port on 127.0.0.1
 * @property {number} pid changes with a restart
 * @property {string} how where the server came from, in words
 * @property {boolean} started false when it belongs to another program that is running
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} stop orderly; does nothing to a server of another program
 * @property {() => Promise<void>} kill at once, as a power cut would (SIGKILL)
 * @property {() => Promise<void>} restart same data, same port; also after `stop` and `kill`
 */

/**
 * What differs between one kind of server and another.
 * @typedef {object} ServerKind
 * @property {string} name
 * @property {string} dataDir
 * @property {string} how
 * @property {(port: number) => { command: string, args: string[], uid?: number, gid?: number,
 *   env?: NodeJS.ProcessEnv }} command
 * @property {(server: { pid: number, port: number }) => boolean | Promise<boolean>} isReady
 * @property {(port: number) => string} urlOf
 * @property {NodeJS.Signals} stopSignal
 */

/**
 * Starts a server process, on the port asked for, or the remembered one, or a free one.
 * @param {ServerKind} kind
 * @param {{ port?: number, preferredPort?: number }} ports
 * @returns {Promise<Service>}
 */
export async function startServer(kind, { port, preferredPort }) {
  for (let attempt = 1; ; attempt += 1) {
    const chosen =
      port ?? (await pickPort({ prefer: [readState(kind.dataDir).port, preferredPort] }));
    try {
      const server = await launch(kind, chosen);
      return serviceOf(kind, { port: chosen, server });
    } catch (error) {
      // Somebody took the port between our look and the server's.
      const taken = /address already in use/i.test(String(error));
      if (!taken || port !== undefined || attempt === 3) throw error;
    }
  }
}

/**
 * The server that already runs on this data folder: another program's, which is only used, or
 * one that a killed run left behind, which becomes ours to stop.
 * @param {ServerKind} kind
 * @returns {Promise<Service | null>}
 */
export async function adoptServer(kind) {
  const { server, owner, port } = readState(kind.dataDir);
  if (!server || port === undefined || !isRunning(server)) return null;
  if (!(await waitFor(() => kind.isReady({ pid: server.pid, port }), { timeoutMs: 5000 }))) {
    await stopProcess(server, { signal: kind.stopSignal });
    return null;
  }
  const elsewhere = isRunning(owner);
  const how = elsewhere
    ? `already running for process ${owner?.pid}`
    : "left running by an earlier run, taken over";
  return serviceOf({ ...kind, how: `${kind.how}, ${how}` }, { port, server, started: !elsewhere });
}

/**
 * @param {ServerKind} kind
 * @param {{ port: number, server: import("./process.mjs").ProcessIdentity, started?: boolean }} at
 * @returns {Service}
 */
function serviceOf(kind, { port, server, started = true }) {
  let current = server;
  if (started) remember(kind, { port, server });
  return {
    url: kind.urlOf(port),
    port,
    get pid() {
      return current.pid;
    },
    how: kind.how,
    started,
    isRunning: () => isRunning(current),
    async stop() {
      if (started) await stopProcess(current, { signal: kind.stopSignal });
    },
    async kill() {
      if (!started) throw new Error(`${kind.name} belongs to another program.`);
      const helpers = childrenOf(current.pid).map(identify);
      await stopProcess(current, { signal: "SIGKILL" });
      for (const helper of helpers) if (helper) await stopProcess(helper, { signal: "SIGKILL" });
    },
    async restart() {
      if (!started) throw new Error(`${kind.name} belongs to another program.`);
      await stopProcess(current, { signal: kind.stopSignal });
      // A dead server's sockets may outlive it by a moment.
      await waitFor(() => isPortFree(port), { timeoutMs: 5_000 });
      current = await launch(kind, port);
      remember(kind, { port, server: current });
    },
  };
}

/**
 * @param {ServerKind} kind
 * @param {{ port: number, server: import("./process.mjs").ProcessIdentity }} at
 */
function remember({ dataDir, how }, { port, server }) {
  writeState(dataDir, { ...readState(dataDir), port, server, how, owner: ownIdentity() });
}

/**
 * @param {ServerKind} kind
 * @param {number} port
 */
async function launch(kind, port) {
  const logFile = `${kind.dataDir}.log`;
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  const { command, args, uid, gid, env } = kind.command(port);
  const server = await startDetached(command, args, { uid, gid, env, logFile });
  const ready = await waitFor(
    async () => !isRunning(server) || (await kind.isReady({ pid: server.pid, port })),
    { timeoutMs: 60_000, everyMs: 25 },
  );
  if (ready && isRunning(server)) return server;
  sendSignal(server.pid, "SIGKILL");
  const lines = readFileSync(logFile, "utf8").trim().split("\n").slice(-15).join("\n  ");
  throw new Error(`${kind.name} did not start; its log (${logFile}) ends:\n  ${lines}`);
}

/**
 * Forgets a service, when its data folder goes.
 * @param {string} dataDir
 */
export function forget(dataDir) {
  for (const end of [".json", ".log", ".log.1"]) rmSync(`${dataDir}${end}`, { force: true });
}
