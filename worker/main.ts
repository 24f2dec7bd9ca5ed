import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { env } from "~/platform/env";
import { reasonOf } from "~/platform/error-facts";
import { cannotListen } from "~/platform/hosts";
import { log } from "~/platform/log";
import { startTracing } from "~/platform/open-telemetry";
import { defineProcessMetrics } from "~/platform/process-metrics";
import { nameProgram } from "~/platform/program";
import { type RedisFault, redisFaultOf } from "~/platform/redis-outage";
import { endAtUncaughtErrors } from "~/platform/uncaught";
import { startLoops } from "./loops";
import { startMailWorker } from "./mail-worker";
import { openOperatorPort } from "./operator-port";
import { defineQueueMetrics } from "./queue-metrics";
import { startScheduleWorker } from "./reminder-schedule";
import { neverEvicts } from "./require-noeviction";
import { type Running, stopOnSignal } from "./stopping";

/** How long to wait for a Redis that refuses what the queues need, milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Does everything that no request waits for: mail, reminders, sweeps. Any number of workers may
 * run at once; each part is safe against its own repetition.
 */
async function work(): Promise<void> {
  const { NODE_ENV, WORKER_HOST, WORKER_PORT } = env();
  await startTracing(nameProgram("worker"));
  const running: Running = { workers: [], loops: [] };
  const { isStopping } = stopOnSignal(running);
  defineProcessMetrics();
  defineQueueMetrics();
  running.server = await openOperatorPort({ running, isStopping }).catch((error) =>
    fail(cannotListen("WORKER_", { host: WORKER_HOST, port: WORKER_PORT }, error)),
  );
  const { address: host, port } = running.server.address() as AddressInfo;

  const waits = (fault: RedisFault) => {
    running.waitsFor = fault;
  };
  if (!(await neverEvicts(waits))) {
    const policy =
      "REDIS_URL: Redis may evict keys, and with them jobs; set maxmemory-policy noeviction";
    if (NODE_ENV === "production") fail(policy);
    log.warn(policy);
  }
  if (isStopping()) return;
  endAtUncaughtErrors();
  await startWorkers(running);
  if (isStopping()) return;
  running.loops = startLoops();
  log.info({ port, host }, "working");
  // A parent that started us with an IPC channel (bootstrap, tests) waits for this.
  process.send?.({ listening: port });
}

/** Replaces a worker whose first request Redis did not answer: BullMQ would leave it idle for ever. */
async function startWorkers(running: Running): Promise<void> {
  for (;;) {
    const workers = [startMailWorker(), startScheduleWorker()];
    running.workers = workers;
    try {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
      return;
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, "queues are started again");
      running.waitsFor = redisFaultOf(error);
      running.workers = [];
      await Promise.allSettled(workers.map((worker) => worker.close(true)));
    }
    await delay(PAUSE_MS);
  }
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

await work();
