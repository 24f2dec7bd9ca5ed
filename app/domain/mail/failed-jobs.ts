import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { FailedJob } from "./tables";

export interface FailedJobView {
  id: string;
  jobName: string;
  jobId: string;
  jobData: Record<string, unknown>;
  error: string;
  attempts: number;
  failedAt: Date;
  replayedAt: Date | null;
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
  const { id, jobName, jobId, jobData, error, attempts, failedAt, replayedAt } = job;
  return {
    id,
    jobName,
    jobId,
    jobData,
    error,
    attempts,
    failedAt,
    replayedAt: replayedAt ?? null,
  };
}
