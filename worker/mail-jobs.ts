import type { Job } from "bullmq";
import { failureOf, jobOrigin, recordFailedJob } from "~/domain/mail/index.server";
import { reasonOf } from "~/platform/error-facts";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { counter } from "~/platform/metrics";
import { namedIn } from "~/platform/origin";
import { isLoggedOutage } from "~/platform/postgres-error";

/** Mail that was written without a job counts, too. */
export const mailJobs = counter({
  name: "mail_jobs_total",
  help: "Mail jobs by what became of them",
  labelNames: ["outcome"],
});

/** Keeps the last failure as a dead letter. What is missed here, the sweep of failed jobs finds. */
export async function settleFailure(job: Job | undefined, error: Error): Promise<void> {
  if (!job?.finishedOn) {
    mailJobs.inc({ outcome: "retried" });
    const line = { ...(job && namesOf(job)), attempt: job?.attemptsMade, reason: reasonOf(error) };
    log.warn(line, "mail job");
    return;
  }
  mailJobs.inc({ outcome: "dead" });
  const line = { ...namesOf(job), attempts: job.attemptsMade, err: error };
  log.error(line, "mail job failed for good");
  try {
    await failpoint("mail-before-dead-letter");
    await recordFailedJob(failureOf(job));
  } catch (reason) {
    const line = { err: reason, ...namesOf(job) };
    if (!isLoggedOutage(reason)) log.warn(line, "dead letter not recorded yet");
  }
}

/** For the log: the job, and the request behind it. */
export function namesOf(job: Job) {
  return { jobId: job.id, ...namedIn(jobOrigin(job)) };
}
