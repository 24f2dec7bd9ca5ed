import { database } from "~/platform/orm";

export interface OutboxMeasure {
  /** Rows that no job exists for yet. */
  waiting: number;
  /** Rows handed over to the queue and not done. */
  enqueued: number;
  /** Age of the oldest row that is not done, seconds; 0 when there is none. */
  oldestSeconds: number;
  /** Dead letters that nobody replayed. */
  deadLetters: number;
}

/** How far behind the mail is. */
export async function measureOutbox(): Promise<OutboxMeasure> {
  const [row] = await database().execute<OutboxMeasure[]>(
    `select count(*) filter (where enqueued_at is null)::int as waiting,
            count(*) filter (where enqueued_at is not null)::int as enqueued,
            coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds",
            (select count(*) from failed_job where replayed_at is null)::int as "deadLetters"
       from outbox where done_at is null and dead_at is null`,
  );
  return row ?? { waiting: 0, enqueued: 0, oldestSeconds: 0, deadLetters: 0 };
}
