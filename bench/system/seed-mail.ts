import { randomUUID } from "node:crypto";
import { type Job, type JobsOptions, Queue, Worker } from "bullmq";
import { redisOptions } from "~/platform/redis-connection";
import {
  registerAsSeed,
  type SeedConfirmation,
  SeedFailedJob,
  SeedMail,
  seed,
  seedDatabase,
} from "../domain/sides/seed.ts";
import type { Side } from "../domain/sides/side.ts";

const QUEUE = "registration";

/** The figures of the seed's document. What it does not name is BullMQ's default, as is one at a time. */
const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: "exponential", delay: 2_000 },
} satisfies JobsOptions;

let queue: Queue<SeedConfirmation> | undefined;

/** The seed as it runs: each registration adds a job for its mail before the person hears of it. */
export const seedWithMail: Side = {
  ...seed,
  register: (request) =>
    registerAsSeed(request, async (confirmation) => {
      queue ??= new Queue(QUEUE, { connection: redisOptions() });
      await queue.add("confirmation", confirmation, JOB_OPTIONS);
    }),
};

/** The seed's worker: a job is one mail in the mailbox, or, when it failed for good, a row that says so. */
export function startSeedWorker(): Worker<SeedConfirmation> {
  const connection = { ...redisOptions(), maxRetriesPerRequest: null };
  const worker = new Worker<SeedConfirmation>(QUEUE, writeMail, { connection });
  return worker.on("failed", (job, error) => {
    if (job && job.attemptsMade >= JOB_OPTIONS.attempts) void keepFailed(job, error);
  });
}

async function writeMail({ id, data }: Job<SeedConfirmation>): Promise<void> {
  await seedDatabase().insert(SeedMail, {
    id: randomUUID(),
    userId: data.userId,
    to: data.email,
    subject: `You are registered for ${data.title}`,
    body: `Hello ${data.name},\n\nyou are registered for ${data.title}. See you there!`,
    sentAt: new Date(),
    jobId: id ?? null,
  });
}

async function keepFailed(job: Job<SeedConfirmation>, error: Error): Promise<void> {
  await seedDatabase().insert(SeedFailedJob, {
    id: randomUUID(),
    jobName: job.name,
    jobData: job.data,
    error: error.message,
    attempts: job.attemptsMade,
    failedAt: new Date(),
  });
}
