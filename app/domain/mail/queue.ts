import { type JobsOptions, Queue } from "bullmq";
import * as z from "zod";
import { type Origin, type OriginColumns, originOf } from "~/platform/origin";
import { MAIL_QUEUE, queueOptions } from "~/platform/queues";
import { noteQueueError } from "~/platform/redis-outage";
import { existing, forget, singleton } from "~/platform/singleton";
import { tracedEach } from "~/platform/trace";
import { carrying } from "./job-origin";

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
    queue.on("error", (error) => noteQueueError(error, "mail queue"));
    return queue;
  });
}

/** A row of the outbox whose present generation is ours to hand over. */
export interface Claimed extends OriginColumns {
  id: string;
  kind: string;
  generation: number;
}

/** Adds the jobs of claimed rows. Done again for the same generations it does nothing. */
export async function enqueue(rows: Claimed[]): Promise<void> {
  if (rows.length === 0) return;
  await addJobs(rows.map((row) => ({ ...row, origin: originOf(row) })));
}

const addJobs = tracedEach(
  { name: "enqueue mail", kind: "producer" },
  (rows: (Claimed & { origin: Origin | undefined })[]) =>
    mailQueue().addBulk(
      rows.map((row) => ({
        name: row.kind,
        data: { outboxId: row.id, generation: row.generation },
        opts: { ...MAIL_JOB_OPTIONS, ...carrying(row.origin), jobId: jobIdOf(row) },
      })),
    ),
);

/** The id of the job of a claimed row. */
export function jobIdOf({ id, generation }: Claimed): string {
  return mailJobId({ outboxId: id, generation });
}

/**
 * The job's id. BullMQ silently ignores an id that it still keeps, so a row that is handed over
 * again needs a new one; and it refuses plain numbers and colons.
 */
function mailJobId({ outboxId, generation }: MailJob): string {
  return `mail-${outboxId}-${generation}`;
}

/** Closes the producer if it was opened. Without Redis that may never end: limit the wait. */
export async function closeMailQueue(): Promise<void> {
  const queue = existing<Queue>("mail-queue");
  forget("mail-queue");
  await queue?.close();
}
