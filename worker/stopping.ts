import type { Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { closeMailQueue, closeSmtp } from "~/domain/mail/index.server";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { closeDatabase } from "~/platform/orm";
import { closeQueueConnections } from "~/platform/queues";
import { closeRedis } from "~/platform/redis";
import type { RedisFault } from "~/platform/redis-outage";
import { stopTracing } from "~/platform/trace";
import { within } from "~/platform/within";
import type { Loop } from "./every";
import { closeScheduleQueue } from "./reminder-schedule";
import type { WatchedWorker } from "./watched-worker";

/** Running work may take this long to finish, milliseconds; supervisors kill after about ten seconds. */
const FINISH_MS = 7_000;
/** Connections may take this long to close, milliseconds. */
const CLOSE_MS = 1_500;

/** What the process has started so far. */
export interface Running {
  server?: Server;
  workers: WatchedWorker[];
  /** Why the workers are not started yet. */
  waitsFor?: RedisFault;
  loops: Loop[];
}

/**
 * Ends the process when it is told to, within ten seconds or `DRAIN_DELAY_S` and two, whichever is
 * longer. Unfinished work is not lost: its job's lock runs out and another worker takes the job. After
 * SIGTERM its port answers for `DRAIN_DELAY_S` at least, and `/readyz` says that it drains.
 */
export function stopOnSignal(running: Running): { isStopping: () => boolean } {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, "stopping");
      const delayMs = signal === "SIGTERM" ? env().DRAIN_DELAY_S * 1_000 : 0;
      void stop(running, delayMs).finally(() => process.exit(0));
    });
  }
  return { isStopping: () => stopping };
}

async function stop({ server, workers, loops }: Running, delayMs: number): Promise<void> {
  const portHasAnswered = wait(delayMs);
  // BullMQ's close waits for its jobs, and for Redis, without a limit of its own.
  const finished = await within(
    FINISH_MS,
    Promise.allSettled([
      ...loops.map((loop) => loop.stop()),
      ...workers.map((worker) => worker.close()),
    ]),
  );
  if (!finished) log.warn("stopped before everything was through; it will be taken up again");
  await portHasAnswered;
  server?.close();
  server?.closeAllConnections();
  closeSmtp();
  closeRedis();
  await within(
    CLOSE_MS,
    Promise.allSettled([closeMailQueue(), closeScheduleQueue(), closeDatabase(), stopTracing()]),
  );
  closeQueueConnections();
}
