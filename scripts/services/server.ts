import { type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, renameSync } from "node:fs";
import { shellWord } from "../../app/platform/shell-word.ts";
import { isPortFree, pickPort } from "./ports.ts";
import {
  childrenOf,
  identify,
  isReaped,
  isRunning,
  ownIdentity,
  type ProcessIdentity,
  stopProcess,
  waitFor,
} from "./process.ts";
import { readState, remember } from "./state.ts";

/** A database server that this program uses. */
export interface Service {
  url: string;
  /** On 127.0.0.1. */
  port: number;
  /** Changes with a restart. */
  readonly pid: number;
  /** Where the server came from, in words. */
  how: string;
  /** False when it belongs to another program that is running. */
  started: boolean;
  isRunning(): boolean;
  /** Orderly; does nothing to a server of another program. */
  stop(): Promise<void>;
  /** At once, as a power cut would (SIGKILL). */
  kill(): Promise<void>;
  /** Same data, same port; also after `stop` and `kill`. */
  restart(): Promise<void>;
}

/** What both kinds of server are started with. */
export interface ServerOptions {
  /** State and log lie beside it, as `<dataDir>.json` and `.log`. */
  dataDir: string;
  /** When none is remembered. */
  preferredPort?: number | undefined;
  log?: ((line: string) => void) | undefined;
}

/** What differs between one kind of server and another. */
export interface ServerKind extends ServerOptions {
  name: string;
  how: string;
  env: Record<string, string | undefined>;
  command(port: number): { file: string; args: string[] };
  isReady(server: { pid: number; port: number }): boolean | Promise<boolean>;
  urlOf(port: number): string;
  stopSignal: NodeJS.Signals;
}

/** The server that already runs on the data folder, else one that is prepared for and started. */
export async function runServer(kind: ServerKind, prepare: () => Promise<void>): Promise<Service> {
  const running = await adoptServer(kind);
  if (running) return running;
  await prepare();
  for (let attempt = 1; ; attempt += 1) {
    const port = await pickPort(readState(kind.dataDir).port, kind.preferredPort);
    try {
      return serviceOf(kind, { port, server: await launch(kind, port), started: true });
    } catch (error) {
      // Somebody took the port between our look and the server's.
      if (attempt === 3 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

/**
 * What runs already is another program's, and only used, or was left behind by a killed run, and
 * becomes ours to stop.
 */
async function adoptServer(kind: ServerKind): Promise<Service | null> {
  const { server, owner, port } = readState(kind.dataDir);
  if (!server || port === undefined || !isRunning(server)) return null;
  const isReady = () => kind.isReady({ pid: server.pid, port });
  if (!(await waitFor(isReady, { timeoutMs: 5000 }))) {
    await stopProcess(server, { signal: kind.stopSignal });
    return null;
  }
  const started = !isRunning(owner);
  const why = started ? "left by a killed run, taken over" : `running for process ${owner?.pid}`;
  return serviceOf({ ...kind, how: `${kind.how}, ${why}` }, { port, server, started });
}

function serviceOf(
  kind: ServerKind,
  { port, server, started }: { port: number; server: ProcessIdentity; started: boolean },
): Service {
  let current = server;
  const own = (server: ProcessIdentity) => {
    current = server;
    remember(kind.dataDir, { port, server, owner: ownIdentity() });
  };
  const requireOurs = () => {
    if (!started) throw new Error(`${kind.name} belongs to another program.`);
  };
  if (started) own(current);
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
      requireOurs();
      for (const each of [current, ...childrenOf(current.pid)]) {
        await stopProcess(each, { signal: "SIGKILL" });
      }
    },
    async restart() {
      requireOurs();
      await stopProcess(current, { signal: kind.stopSignal });
      // PostgreSQL does not start while its lock file names a process, a zombie included.
      const dead = current;
      await waitFor(() => isReaped(dead), { timeoutMs: 20_000 });
      // A dead server's sockets may outlive it by a moment.
      await waitFor(() => isPortFree(port, "127.0.0.1"), { timeoutMs: 20_000 });
      own(await launch(kind, port));
    },
  };
}

/**
 * Starts the server and waits until it is ready. It gets a process group of its own: a Ctrl-C in
 * the terminal must reach only the program that starts the servers, which then stops its parts in
 * the right order. It writes its log itself, since it may outlive us.
 */
async function launch(kind: ServerKind, port: number): Promise<ProcessIdentity> {
  const logFile = `${kind.dataDir}.log`;
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, "a", 0o600);
  const { file, args } = kind.command(port);
  const env = { ...process.env, ...kind.env };
  const stdio: StdioOptions = ["ignore", log, log];
  const child = spawn(file, args, { cwd: "/", env, detached: true, stdio });
  closeSync(log);
  await once(child, "spawn");
  child.unref();
  const pid = child.pid as number;
  const server = identify(pid) ?? { pid, started: "" };
  const isReady = () => kind.isReady({ pid, port });
  const isOver = async () => !isRunning(server) || (await isReady());
  await waitFor(isOver, { timeoutMs: 60_000, everyMs: 25 });
  if (isRunning(server) && (await isReady())) return server;
  await stopProcess(server, { signal: "SIGKILL" });
  const lines = readFileSync(logFile, "utf8").trim().split("\n").slice(-15).join("\n  ");
  throw new Error(`${kind.name} did not start; its log (${shellWord(logFile)}) ends:\n  ${lines}`);
}
