import { defineEntity, type InferEntity, p } from "@mikro-orm/core";

/** A dead letter: a job that failed for good, kept until somebody replays it. */
export const FailedJob = defineEntity({
  name: "FailedJob",
  tableName: "failed_job",
  properties: {
    id: p.uuid().primary(),
    jobName: p.string().length(100),
    /** The queue's id of the job; one dead letter a job, however often its failure is noticed. */
    jobId: p.string().length(100).unique("failed_job_job_id_unique"),
    jobData: p.json<Record<string, unknown>>(),
    error: p.text(),
    attempts: p.integer(),
    failedAt: p.datetime(3).defaultRaw("now()"),
    replayedAt: p.datetime(3).nullable(),
  },
  indexes: [{ name: "failed_job_failed_index", properties: ["failedAt"] }],
});

export type FailedJob = InferEntity<typeof FailedJob>;
