import type { Job } from "bullmq";
import { database } from "~/platform/orm";
import { mailQueue } from "./mail-queue";
import { recordFailedJob } from "./record-failed-job";

const IDS_AT_ONCE = 1_000;

/**
 * Finds failed jobs that nobody recorded: their worker died before it could, or died so often at
 * them that the queue gave up, which runs none of our code.
 *
 * @returns how many became dead letters
 */
export async function sweepFailedJobs(): Promise<{ recorded: number }> {
  let recorded = 0;
  for (let from = 0; ; from += IDS_AT_ONCE) {
    const ids = await mailQueue().getRanges(["failed"], from, from + IDS_AT_ONCE - 1);
    for (const id of await withoutDeadLetter(ids)) {
      const job: Job | undefined = await mailQueue().getJob(id);
      if (job && (await recordFailedJob(failureOf(job))).recorded) recorded++;
    }
    if (ids.length < IDS_AT_ONCE) return { recorded };
  }
}

/** A failed job as the dead letters keep it. */
export function failureOf(job: Job) {
  return {
    jobName: job.name,
    jobId: job.id ?? "",
    jobData: job.data as unknown,
    error: job.failedReason || "unknown",
    attempts: job.attemptsMade,
  };
}

async function withoutDeadLetter(jobIds: string[]): Promise<string[]> {
  if (jobIds.length === 0) return [];
  const rows: { job_id: string }[] = await database().execute(
    `select job_id from json_array_elements_text(?::json) as t(job_id)
      where not exists (select from failed_job f where f.job_id = t.job_id)`,
    [JSON.stringify(jobIds)],
  );
  return rows.map(({ job_id }) => job_id);
}
