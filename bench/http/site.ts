import { type ChildProcess, fork } from "node:child_process";
import type { Trace } from "../drive";
import type { ClientOrder } from "./client";

/** A side behind HTTP, in a process (or several) of its own. */
export interface Site {
  name: string;
  port: number;
  /** CPU the process has used so far, milliseconds; only of a single one. */
  cpuMs: () => Promise<number>;
  stop: () => void;
}

/** Starts a side's web server. Its log goes where a log would, but nobody keeps it. */
export async function startSite(
  program: string,
  { name, processes = 1 }: { name: string; processes?: number },
): Promise<Site> {
  const child = fork(program, [name], {
    execArgv: ["--enable-source-maps", ...(process.env.BENCH_WEB_FLAGS?.split(" ") ?? [])],
    env: { ...process.env, LOG_LEVEL: "info", WEB_CONCURRENCY: String(processes) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { listening } = await nextMessage<{ listening: number }>(child);
  return {
    name: processes === 1 ? name : `${name} ×${processes}`,
    port: listening,
    async cpuMs() {
      child.send("cpu");
      return (await nextMessage<{ cpuMs: number }>(child)).cpuMs;
    },
    stop: () => void child.kill(),
  };
}

/** Whoever asks: one process for all turns. */
export interface Client {
  send: (order: ClientOrder) => Promise<Trace>;
  stop: () => void;
}

/** Starts it. */
export function startClient(program: string): Client {
  const child = fork(program, [], { execArgv: [] });
  return {
    async send(order) {
      child.send(order);
      const answer = await nextMessage<{ trace?: Trace; failed?: string }>(child);
      if (!answer.trace) throw new Error(answer.failed);
      return answer.trace;
    },
    stop: () => void child.kill(),
  };
}

function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("a program of the bench ended"));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as T);
    });
  });
}
