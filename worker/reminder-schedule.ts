import { Queue, Worker } from "bullmq";
import { findLastReminderRun, utcDay, writeReminders } from "~/domain/reminders/index.server";
import { now } from "~/platform/clock";
import { reasonOf, withoutValues } from "~/platform/error-facts";
import { log } from "~/platform/log";
import { queueOptions, SCHEDULE_QUEUE, workerOptions } from "~/platform/queues";
import { existing, forget, singleton } from "~/platform/singleton";

const SCHEDULER_ID = "daily-reminders";
const MIDNIGHT = "0 0 * * *";
const JOB_NAME = "write-reminders";

/** The producer's end of the schedule queue. */
export function scheduleQueue(): Queue {
  return singleton("schedule-queue", () => {
    const queue = new Queue(SCHEDULE_QUEUE, queueOptions());
    queue.on("error", (error) => log.warn({ reason: reasonOf(error) }, "schedule queue"));
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
 * Makes sure that reminders are written at midnight UTC, and today if they were missed: the
 * schedule and the record of the last run live in Redis, which may have been flushed, and possibly
 * no worker was running at midnight. An extra run reminds nobody twice.
 */
export async function ensureReminders(): Promise<void> {
  const scheduler = await scheduleQueue().getJobScheduler(SCHEDULER_ID);
  // Not upserted when it exists: an upsert at midnight would move tonight's run to tomorrow.
  if (scheduler?.pattern !== MIDNIGHT || scheduler.tz !== "UTC") {
    await scheduleQueue().upsertJobScheduler(
      SCHEDULER_ID,
      { pattern: MIDNIGHT, tz: "UTC" },
      { name: JOB_NAME, opts: { attempts: 5, backoff: { type: "exponential", delay: 5_000 } } },
    );
    log.info({ scheduler: SCHEDULER_ID, pattern: MIDNIGHT }, "scheduled");
  }
  const today = utcDay(now());
  const last = await findLastReminderRun();
  if (last?.day === today) return;
  const once = { jobId: `${JOB_NAME}-${today}`, removeOnComplete: true, removeOnFail: true };
  await scheduleQueue().add(JOB_NAME, {}, once);
}

/** Starts taking scheduled jobs, one at a time. */
export function startScheduleWorker(): Worker {
  const worker = new Worker(SCHEDULE_QUEUE, writeThem, {
    ...workerOptions(),
    concurrency: 1,
    lockDuration: 60_000,
    maxStalledCount: 5,
  });
  worker.on("completed", (_job, result) => log.info({ result }, "reminders written"));
  worker.on("failed", (job, error) => log.error({ err: error, jobId: job?.id }, "reminders"));
  worker.on("error", (error) => log.warn({ reason: reasonOf(error) }, "schedule worker"));
  return worker;
}

/** The queue keeps the message and the stack of what a job throws. */
function writeThem() {
  return writeReminders().catch((error: unknown) => {
    throw withoutValues(error);
  });
}
