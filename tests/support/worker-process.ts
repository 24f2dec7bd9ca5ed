import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { PROJECT } from "../faults/guards/sources";

const FAULTS_ON = new URL("faults-on.ts", import.meta.url).href;

export interface WorkerProcess {
  /** The operator's port. */
  port: number;
  /** Everything that it has printed. */
  output: () => string;
  /** How it ended: a signal's name or an exit code. */
  ended: Promise<string | number | null>;
  signal: (name: NodeJS.Signals) => void;
  /** Stops it as an orderly supervisor would, and waits for its end. */
  stop: () => Promise<string | number | null>;
}

/** Looking whether it is current reads all of the source: once in a test file. */
let built: Promise<void> | undefined;

/**
 * Starts the built worker as its own process and waits until it works. Failpoints are on in it.
 * Killed when the test ends.
 *
 * @param folder where its build is: the project, or a copy that lacks a guard
 */
export async function startWorker(
  env: Record<string, string> = {},
  folder = PROJECT,
): Promise<WorkerProcess> {
  const starting = await spawnWorker(env, folder);
  const listening = once(starting.child, "message").then(([message]) => message);
  const message = await Promise.race([listening, starting.ended]);
  if (typeof message !== "object" || message === null || !("listening" in message)) {
    throw new Error(`the worker ended (${message}) instead of working:\n${starting.output()}`);
  }
  return { ...starting, port: Number(message.listening) };
}

/** Starts it without waiting until it works, for what must not start. */
export async function spawnWorker(env: Record<string, string> = {}, folder = PROJECT) {
  built ??= ensureBuild(() => {});
  if (folder === PROJECT) await built;
  const args = ["--import", FAULTS_ON, "build/worker.js"];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, WORKER_PORT: "0", LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
    });
  }
  const ended = once(child, "exit").then(([code, signal]) => signal ?? code);
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  onTestFinished(() => signal("SIGKILL"));
  const stop = () => {
    signal("SIGTERM");
    return ended;
  };
  return { child, output: () => printed, ended, signal, stop };
}
