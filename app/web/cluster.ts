import cluster, { type Worker } from "node:cluster";
import { setTimeout as wait } from "node:timers/promises";
import { env } from "~/platform/env";
import { log } from "~/platform/log";

/** How long a process may take until it listens, milliseconds. */
const START_LIMIT_MS = 20_000;
/** How long it may take to drain, beyond DRAIN_DELAY_S, before it is killed. Milliseconds. */
const STOP_LIMIT_MS = 15_000;
/** Before a process that ended is replaced: at first, and at most when the new ones end too. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Keeps `processes` web processes running behind one port, each a copy of this program.
 *
 * A process that ends is replaced. SIGHUP replaces them one by one, a new one listening before an
 * old one leaves, so that a new build goes live without a refused connection; should the new build
 * not start, the old one stays. SIGTERM and SIGINT are passed on to all, which drain; then this
 * process ends.
 *
 * Resolves when all listen. Ends the process with 1 when one of the first does not start: its cause (a
 * bad setting, a taken port) will not go away by itself.
 */
export async function superviseWeb({ processes }: { processes: number }): Promise<void> {
  const serving = new Set<Worker>();
  let stopping = false;

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => stopAll(0, signal));
  }
  const started = await Promise.all(Array.from({ length: processes }, startOne));
  if (stopping) return;
  const ports = started.filter((port) => port !== null);
  if (ports.length < processes) return stopAll(1, "SIGINT");
  log.info({ processes, port: ports[0] }, "all web processes listen");
  process.send?.({ listening: ports[0] });
  replaceOnSignal();

  /** @returns the port it listens on, or null when it ended instead */
  async function startOne(): Promise<number | null> {
    const worker = cluster.fork();
    const port = await portOf(worker);
    if (port === null) return null;
    serving.add(worker);
    worker.once("exit", (code, signal) => {
      // A process that is told to leave is taken off the list first.
      if (!serving.delete(worker) || stopping) return;
      log.error({ pid: worker.process.pid, code, signal }, "a web process ended; replacing it");
      void replace();
    });
    return port;
  }

  async function replace(pauseMs = FIRST_PAUSE_MS): Promise<void> {
    await wait(pauseMs);
    if (stopping || (await startOne()) !== null || stopping) return;
    await replace(Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
  }

  function replaceOnSignal(): void {
    let running = Promise.resolve();
    // A further signal meanwhile starts another round: the build may have changed since.
    process.on("SIGHUP", () => {
      running = running.then(replaceOneByOne);
    });
  }

  async function replaceOneByOne(): Promise<void> {
    log.info("replacing the web processes one by one");
    for (const old of [...serving]) {
      if (stopping) return;
      if ((await startOne()) === null) {
        log.error("the new web process does not start; the old ones stay");
        return;
      }
      // It may have ended, and been replaced, by itself.
      if (serving.delete(old)) await stop(old, "SIGHUP");
    }
    log.info("all web processes are replaced");
  }

  async function stopAll(exitCode: number, signal: NodeJS.Signals): Promise<void> {
    if (stopping) return;
    stopping = true;
    const all = Object.values(cluster.workers ?? {});
    await Promise.all(all.map((worker) => worker && stop(worker, signal)));
    process.exit(exitCode);
  }
}

/** The port a process says it listens on; null when it ends, or takes too long and is ended. */
async function portOf(worker: Worker): Promise<number | null> {
  const giveUp = setTimeout(() => worker.process.kill("SIGKILL"), START_LIMIT_MS);
  const port = await new Promise<number | null>((resolve) => {
    worker.on("message", (message: unknown) => {
      if (isListening(message)) resolve(message.listening);
    });
    worker.once("exit", () => resolve(null));
  });
  clearTimeout(giveUp);
  return port;
}

function isListening(message: unknown): message is { listening: number } {
  return typeof message === "object" && message !== null && "listening" in message;
}

async function stop(worker: Worker, signal: NodeJS.Signals): Promise<void> {
  if (worker.isDead()) return;
  const limitMs = env().DRAIN_DELAY_S * 1_000 + STOP_LIMIT_MS;
  const kill = setTimeout(() => worker.process.kill("SIGKILL"), limitMs);
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.process.kill(signal);
  await gone;
  clearTimeout(kill);
}
