import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

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

/**
 * Starts the real worker as its own process and waits until it works. Failpoints and switchable
 * guards are on in it. Killed when the test ends.
 */
export async function startWorker(env: Record<string, string> = {}): Promise<WorkerProcess> {
  const starting = spawnWorker(env);
  const listening = once(starting.child, "message").then(([message]) => message);
  const message = await Promise.race([listening, starting.ended]);
  if (typeof message !== "object" || message === null || !("listening" in message)) {
    throw new Error(`the worker ended (${message}) instead of working:\n${starting.output()}`);
  }
  return { ...starting, port: Number(message.listening) };
}

/** Starts it without waiting, for what must not start. */
export function spawnWorker(env: Record<string, string> = {}) {
  const args = ["--import", "tsx", "--import", "./tests/support/faults-on.ts", "worker/main.ts"];
  const child: ChildProcess = spawn(process.execPath, args, {
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
