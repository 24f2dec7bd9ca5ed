import type { AddressInfo } from "node:net";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { endAtUncaughtErrors } from "~/platform/uncaught";
import { startLoops } from "./loops";
import { startMailWorker } from "./mail-worker";
import { openOperatorPort } from "./operator-port";
import { defineQueueMetrics } from "./queue-metrics";
import { startScheduleWorker } from "./reminder-schedule";
import { neverEvicts } from "./require-noeviction";
import { type Running, stopOnSignal } from "./stopping";

/**
 * Does everything that no request waits for: mail, reminders, sweeps. Any number of workers may
 * run at once; each part is safe against its own repetition.
 */
async function work(): Promise<void> {
  const { NODE_ENV, WORKER_PORT } = env();
  const running: Running = { workers: [], loops: [] };
  const { isStopping } = stopOnSignal(running);
  defineQueueMetrics();
  running.server = await openOperatorPort({ isStopping }).catch((error) =>
    fail(`WORKER_PORT: cannot listen on ${WORKER_PORT} (${error.code ?? error.message})`),
  );
  const { address: host, port } = running.server.address() as AddressInfo;

  if (!(await neverEvicts())) {
    const policy =
      "REDIS_URL: Redis may evict keys, and with them jobs; set maxmemory-policy noeviction";
    if (NODE_ENV === "production") fail(policy);
    log.warn(policy);
  }
  if (isStopping()) return;
  endAtUncaughtErrors();
  running.workers = [startMailWorker(), startScheduleWorker()];
  running.loops = startLoops();
  log.info({ port, host }, "working");
  // A parent that started us with an IPC channel (bootstrap, tests) waits for this.
  process.send?.({ listening: port });
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

await work();
