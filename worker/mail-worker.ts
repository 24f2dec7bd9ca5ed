import { DelayedError, type Job, UnrecoverableError } from "bullmq";
import { ZodError } from "zod";
import {
  deliverMail,
  jobOrigin,
  type MailComposers,
  mailJobSchema,
  UndeliverableMail,
} from "~/domain/mail/index.server";
import { reasonOf, withoutValues } from "~/platform/error-facts";
import { log } from "~/platform/log";
import { troubleOf } from "~/platform/postgres-error";
import { MAIL_QUEUE, workerOptions } from "~/platform/queues";
import { noteQueueError } from "~/platform/redis-outage";
import { traced } from "~/platform/trace";
import { COMPOSERS } from "./composers";
import { mailJobs, namesOf, settleFailure } from "./mail-jobs";
import { WatchedWorker } from "./watched-worker";

const CONCURRENCY = 16;
/** A job whose worker died is picked up again after about the sum of these, milliseconds. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** How many workers may die over a job before the job counts as the cause. */
const DEATHS_FORGIVEN = 5;
/** How long a job waits for a Postgres that is away, milliseconds. */
const POSTGRES_PAUSE_MS = 2_000;

/** Starts taking mail jobs. */
export function startMailWorker({
  composers = COMPOSERS,
}: {
  composers?: MailComposers;
} = {}): WatchedWorker {
  const worker = new WatchedWorker(MAIL_QUEUE, (job, token) => deliver({ job, token, composers }), {
    ...workerOptions(),
    concurrency: CONCURRENCY,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: DEATHS_FORGIVEN,
  });
  worker.on("failed", (job, error) => void settleFailure(job, error));
  worker.on("stalled", (jobId) =>
    log.warn({ jobId }, "its worker died, the job is taken up again"),
  );
  worker.on("error", (error) => noteQueueError(error, "mail worker"));
  return worker;
}

const deliverTraced = traced({ name: "deliver mail", kind: "consumer" }, deliverMail);

async function deliver({
  job,
  token,
  composers,
}: {
  job: Job;
  token?: string;
  composers: MailComposers;
}): Promise<string> {
  try {
    const { outboxId } = mailJobSchema.parse(job.data);
    const order = { outboxId, jobId: job.id ?? "", composers, origin: jobOrigin(job) };
    const { status } = await deliverTraced(order);
    mailJobs.inc({ outcome: status });
    log.info({ ...namesOf(job), outcome: status }, "mail job");
    return status;
  } catch (error) {
    if (error instanceof ZodError) throw new HopelessJob(`Bad payload: ${reasonOf(error)}`);
    if (error instanceof UndeliverableMail) throw new HopelessJob(error.message);
    // Not the mail's fault: it waits without losing one of its attempts.
    if (["away", "busy"].includes(troubleOf(error))) {
      mailJobs.inc({ outcome: "postponed" });
      await job.moveToDelayed(Date.now() + POSTGRES_PAUSE_MS, token);
      throw new DelayedError();
    }
    // The queue keeps the message and the stack of what is thrown here.
    throw withoutValues(error);
  }
}

/** A job that no other attempt will do. Its message is ours, so it may be logged (`isOurs`). */
class HopelessJob extends UnrecoverableError {
  readonly isOurs = true;
}
