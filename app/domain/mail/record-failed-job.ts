import { randomUUID } from "node:crypto";
import { inTransaction } from "~/platform/orm";
import { mailJobSchema } from "./mail-queue";

export interface JobFailure {
  jobName: string;
  /** The queue's id of the job: however often its failure is noticed, it is one dead letter. */
  jobId: string;
  jobData: unknown;
  error: string;
  attempts: number;
}

/** Keeps a job that failed for good as a dead letter, and takes its mail out of the relay. */
export async function recordFailedJob({
  jobName,
  jobId,
  jobData,
  error,
  attempts,
}: JobFailure): Promise<{ recorded: boolean }> {
  const mail = mailJobSchema.safeParse(jobData);
  return inTransaction(async (em) => {
    const inserted: unknown[] = await em.execute(
      `insert into failed_job (id, job_name, job_id, job_data, error, attempts)
       values (?, ?, ?, ?::jsonb, ?, ?) on conflict (job_id) do nothing returning id`,
      [
        randomUUID(),
        jobName.slice(0, 100),
        jobId.slice(0, 100),
        JSON.stringify(jobData ?? {}),
        // Postgres text holds no NUL.
        error.replaceAll("\0", "").slice(0, 4_000),
        attempts,
      ],
    );
    if (mail.success) {
      // A replay in the meantime is a generation ahead: an old failure must not end it.
      await em.execute(
        `update outbox set dead_at = now()
          where id = ?::bigint and generation = ? and done_at is null and dead_at is null`,
        [mail.data.outboxId, mail.data.generation],
      );
    }
    return { recorded: inserted.length > 0 };
  });
}
