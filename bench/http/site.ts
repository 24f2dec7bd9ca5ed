import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Trace } from "../trace.ts";
import type { ClientOrder } from "./client.ts";

/** A process that listens: one of a build, or one of the bench's own. */
export interface Running {
  pid: number;
  port: number;
  /** Resolves when it has gone. */
  stop: () => Promise<void>;
}

/** A side behind HTTP, in a process (or several) of its own. */
export interface Site extends Running {
  name: string;
  /** CPU the process has used so far, milliseconds; only of a single one. */
  cpuMs: () => Promise<number>;
}

/** Starts a side's web server. It logs as in production; the log is thrown away. */
export async function startSite(
  program: string,
  { name, processes = 1 }: { name: string; processes?: number },
): Promise<Site> {
  const { child, ...running } = await startProgram(program, {
    args: [name],
    env: { WEB_CONCURRENCY: String(processes) },
  });
  return {
    ...running,
    name: processes === 1 ? name : `${name} ×${processes}`,
    async cpuMs() {
      child.send("cpu");
      return (await nextMessage<{ cpuMs: number }>(child)).cpuMs;
    },
  };
}

/** Starts one of a folder's built programs, as `npm run up` does, and waits until it listens. */
export async function startBuilt({
  folder,
  program,
  env = {},
  flags = [],
}: {
  folder: string;
  program: "server" | "worker";
  env?: Record<string, string>;
  flags?: string[];
}): Promise<Running> {
  return startProgram(join(folder, `build/${program}.js`), {
    cwd: folder,
    flags,
    env: { PORT: "0", WORKER_PORT: "0", METRICS_PORT: "0", ...env },
  });
}

/** Starts a program that sends the port it listens on, if it needs one, when it is ready. */
export async function startProgram(
  path: string,
  {
    args = [],
    flags = [],
    cwd,
    env = {},
  }: { args?: string[]; flags?: string[]; cwd?: string; env?: Record<string, string> } = {},
): Promise<Running & { child: ChildProcess }> {
  const child = fork(path, args, {
    cwd,
    execArgv: ["--enable-source-maps", ...flags],
    env: { ...process.env, LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  // Built programs do not end when their parent does.
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const { listening } = await nextMessage<{ listening: number }>(child);
  return {
    child,
    pid: child.pid ?? 0,
    port: listening,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

/** The process that sends the requests, the same one in all turns. */
export interface Client {
  pid: number;
  send: (order: ClientOrder) => Promise<Trace>;
  stop: () => void;
}

export function startClient(program: string): Client {
  const child = fork(program, [], { execArgv: [] });
  return {
    pid: child.pid ?? 0,
    async send(order) {
      child.send(order);
      const answer = await nextMessage<{ trace?: Trace; failed?: string }>(child);
      if (!answer.trace) throw new Error(answer.failed);
      return answer.trace;
    },
    stop: () => void child.kill(),
  };
}

/** What a child process says next. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${child.spawnfile} ${child.spawnargs[1]} ended`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as T);
    });
  });
}
