import { randomUUID } from "node:crypto";
import type { Job } from "bullmq";
import { isUuid } from "~/platform/ids";
import { database, inTransaction } from "~/platform/orm";
import { replayDelivery } from "./deliveries";
import { jobOrigin } from "./job-origin";
import { smtpLetterSchema } from "./letters";
import { mailJobSchema, mailQueue } from "./queue";
import { FailedJob } from "./tables";

export interface JobFailure {
  jobName: string;
  /** The queue's id of the job: however often its failure is noticed, it is one dead letter. */
  jobId: string;
  jobData: unknown;
  error: string;
  attempts: number;
  requestId?: string | undefined;
}

/** Keeps a job that failed for good as a dead letter, and takes its mail out of the relay. */
export async function recordFailedJob({
  jobName,
  jobId,
  jobData,
  error,
  attempts,
  requestId,
}: JobFailure): Promise<{ recorded: boolean }> {
  const mail = mailJobSchema.safeParse(jobData);
  return inTransaction(async (em) => {
    const inserted: unknown[] = await em.execute(
      `insert into failed_job (id, job_name, job_id, job_data, error, attempts, request_id)
       values (?, ?, ?, ?::jsonb, ?, ?, ?) on conflict (job_id) do nothing returning id`,
      [
        randomUUID(),
        jobName.slice(0, 100),
        jobId.slice(0, 100),
        JSON.stringify(jobData ?? {}),
        // Postgres text holds no NUL.
        error.replaceAll("\0", "").slice(0, 4_000),
        attempts,
        requestId ?? null,
      ],
    );
    if (mail.success) {
      // The relay may not have committed the generation of this job yet: wait for it. An update alone
      // would not, since it looks at the row as it was before.
      await em.execute("select from outbox where id = ?::bigint for update", [mail.data.outboxId]);
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

const IDS_AT_ONCE = 1_000;

/**
 * Finds failed jobs that were not recorded: their worker died before it could do that, or so many
 * workers died at them that the queue gave up, which runs none of our code.
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
    requestId: jobOrigin(job)?.requestId,
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

export interface FailedJobView {
  id: string;
  jobName: string;
  jobId: string;
  jobData: Record<string, unknown>;
  error: string;
  attempts: number;
  failedAt: Date;
  replayedAt: Date | null;
  /** Whose request ordered the mail: the same id as in the log. */
  requestId: string | null;
}

/** Dead letters, newest first; by default those that nobody replayed. */
export async function listFailedJobs({
  limit = 100,
  replayed = false,
}: {
  limit?: number;
  replayed?: boolean;
} = {}): Promise<FailedJobView[]> {
  const found = await database().find(FailedJob, replayed ? {} : { replayedAt: null }, {
    orderBy: { failedAt: "desc", id: "desc" },
    limit,
  });
  return found.map(toView);
}

/** One dead letter, or null. */
export async function findFailedJob({ id }: { id: string }): Promise<FailedJobView | null> {
  if (!isUuid(id)) return null;
  const found = await database().findOne(FailedJob, { id });
  return found && toView(found);
}

function toView(job: FailedJob): FailedJobView {
  const { id, jobName, jobId, jobData, error, attempts, failedAt, replayedAt, requestId } = job;
  return {
    id,
    jobName,
    jobId,
    jobData,
    error,
    attempts,
    failedAt,
    replayedAt: replayedAt ?? null,
    requestId: requestId ?? null,
  };
}

export type Replay =
  | { status: "replayed" }
  /** Its mail left in the meantime, or there never was one: nothing will be sent. */
  | { status: "nothing_to_send" }
  | { status: "already_replayed" }
  | { status: "not_found" };

/**
 * Puts a dead letter's mail back into the outbox; the relay hands it over under a new job id. Mail
 * that the SMTP server did not take is queued for it again.
 */
export async function replayFailedJob({ id }: { id: string }): Promise<Replay> {
  if (!isUuid(id)) return { status: "not_found" };
  return inTransaction(async (em) => {
    const [failed]: { job_data: unknown; replayed: boolean }[] = await em.execute(
      `select job_data, replayed_at is not null as replayed from failed_job
        where id = ? for update`,
      [id],
    );
    if (!failed) return { status: "not_found" };
    if (failed.replayed) return { status: "already_replayed" };
    await em.execute("update failed_job set replayed_at = now() where id = ?", [id]);
    const refused = smtpLetterSchema.safeParse(failed.job_data);
    if (refused.success) {
      const { status } = await replayDelivery(refused.data, em);
      return { status: status === "replayed" ? status : "nothing_to_send" };
    }
    const mail = mailJobSchema.safeParse(failed.job_data);
    if (!mail.success) return { status: "nothing_to_send" };
    const revived: unknown[] = await em.execute(
      `update outbox set dead_at = null, enqueued_at = null
        where id = ?::bigint and done_at is null and dead_at is not null returning id`,
      [mail.data.outboxId],
    );
    return { status: revived.length > 0 ? "replayed" : "nothing_to_send" };
  });
}

/**
 * Replays mail that a worker could not compose which is of one of these kinds: one of the release
 * before, during a rolling update.
 */
export async function replayUncomposed(kinds: string[]): Promise<{ replayed: number }> {
  // Not at once: the next one to take it might be such a worker again.
  const rows: { id: string }[] = await database().execute(
    `select f.id from failed_job f join json_array_elements_text(?::json) as known(kind)
         on f.job_name = known.kind and f.error like '%nobody composes ' || known.kind
      where f.replayed_at is null and f.failed_at < now() - interval '30 seconds' limit 200`,
    [JSON.stringify(kinds)],
  );
  return replayEach(rows);
}

/** Replays every dead letter that nobody has replayed, however many there are. */
export async function replayAllFailedJobs(): Promise<{ replayed: number }> {
  let replayed = 0;
  for (;;) {
    const rows: { id: string }[] = await database().execute(
      "select id from failed_job where replayed_at is null order by failed_at, id limit 200",
    );
    if (rows.length === 0) return { replayed };
    replayed += (await replayEach(rows)).replayed;
  }
}

async function replayEach(letters: { id: string }[]): Promise<{ replayed: number }> {
  let replayed = 0;
  for (const { id } of letters) {
    if ((await replayFailedJob({ id })).status === "replayed") replayed++;
  }
  return { replayed };
}
