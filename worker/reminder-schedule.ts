import { Queue } from "bullmq";
import { findLastReminderRun, writeReminders } from "~/domain/reminders/index.server";
import { now } from "~/platform/clock";
import { withoutValues } from "~/platform/error-facts";
import { log } from "~/platform/log";
import { queueOptions, SCHEDULE_QUEUE, workerOptions } from "~/platform/queues";
import { noteQueueError } from "~/platform/redis-outage";
import { existing, forget, singleton } from "~/platform/singleton";
import { WatchedWorker } from "./watched-worker";

const SCHEDULER_ID = "daily-reminders";
/** Every hour: when a start is moved to tomorrow at noon, people are reminded by one o'clock. */
const EVERY_HOUR = "0 * * * *";
const HOUR_MS = 3_600_000;
const JOB_NAME = "write-reminders";

/** The producer's end of the schedule queue. */
export function scheduleQueue(): Queue {
  return singleton("schedule-queue", () => {
    const queue = new Queue(SCHEDULE_QUEUE, queueOptions());
    queue.on("error", (error) => noteQueueError(error, "schedule queue"));
    return queue;
  });
}

/** Closes the producer if it was opened. */
export async function closeScheduleQueue(): Promise<void> {
  const queue = existing<Queue>("schedule-queue");
  forget("schedule-queue");
  await queue?.close();
}

/**
 * Makes sure that reminders are written every hour, and now if that was missed: the schedule and the
 * record of the last run live in Redis, which may have been flushed, and possibly no worker was
 * running. An extra run reminds nobody twice.
 */
export async function ensureReminders(): Promise<void> {
  const scheduler = await scheduleQueue().getJobScheduler(SCHEDULER_ID);
  // Not upserted when it exists: an upsert on the hour would move that hour's run to the next.
  if (scheduler?.pattern !== EVERY_HOUR || scheduler.tz !== "UTC") {
    await scheduleQueue().upsertJobScheduler(
      SCHEDULER_ID,
      { pattern: EVERY_HOUR, tz: "UTC" },
      { name: JOB_NAME, opts: { attempts: 5, backoff: { type: "exponential", delay: 5_000 } } },
    );
    log.info({ scheduler: SCHEDULER_ID, pattern: EVERY_HOUR }, "scheduled");
  }
  const last = await findLastReminderRun();
  const hour = Math.floor(now().getTime() / HOUR_MS);
  if (last && Math.floor(last.at.getTime() / HOUR_MS) >= hour) return;
  const once = { jobId: `${JOB_NAME}-${hour}`, removeOnComplete: true, removeOnFail: true };
  await scheduleQueue().add(JOB_NAME, {}, once);
}

/** Starts taking scheduled jobs, one at a time. */
export function startScheduleWorker(): WatchedWorker {
  const worker = new WatchedWorker(SCHEDULE_QUEUE, writeThem, {
    ...workerOptions(),
    concurrency: 1,
    lockDuration: 60_000,
    maxStalledCount: 5,
  });
  worker.on("completed", (_job, result) => log.info({ result }, "reminders written"));
  worker.on("failed", (job, error) => log.error({ err: error, jobId: job?.id }, "reminders"));
  worker.on("error", (error) => noteQueueError(error, "schedule worker"));
  return worker;
}

/** The queue keeps the message and the stack of what a job throws. */
function writeThem() {
  return writeReminders().catch((error: unknown) => {
    throw withoutValues(error);
  });
}
