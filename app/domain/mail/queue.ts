import { type JobsOptions, Queue } from "bullmq";
import * as z from "zod";
import { reasonOf } from "~/platform/error-facts";
import { log } from "~/platform/log";
import { MAIL_QUEUE, queueOptions } from "~/platform/queues";
import { existing, forget, singleton } from "~/platform/singleton";

/** Three retries, after 2, 4 and 8 seconds. */
export const MAIL_JOB_OPTIONS: JobsOptions = {
  attempts: 4,
  backoff: { type: "exponential", delay: 2_000 },
};

/** What a mail job carries: which outbox row, and how often that row was handed to the queue. */
export const mailJobSchema = z.strictObject({
  outboxId: z.string().regex(/^\d{1,19}$/),
  generation: z.number().int().min(1),
});

export type MailJob = z.infer<typeof mailJobSchema>;

/** The producer's end of the mail queue. It fails fast; its rows wait in Postgres meanwhile. */
export function mailQueue(): Queue {
  return singleton("mail-queue", () => {
    const queue = new Queue(MAIL_QUEUE, queueOptions());
    queue.on("error", (error) => log.warn({ reason: reasonOf(error) }, "mail queue"));
    return queue;
  });
}

/**
 * The job's id. BullMQ silently ignores an id that it still keeps, so a row that is handed over
 * again needs a new one; and it refuses plain numbers and colons.
 */
export function mailJobId({ outboxId, generation }: MailJob): string {
  return `mail-${outboxId}-${generation}`;
}

/** Closes the producer if it was opened. Without Redis that may never end: limit the wait. */
export async function closeMailQueue(): Promise<void> {
  const queue = existing<Queue>("mail-queue");
  forget("mail-queue");
  await queue?.close();
}
