import { database } from "~/platform/orm";

export interface OutboxMeasure {
  /** Rows that no job exists for yet. Rows that wait their turn do not count. */
  waiting: number;
  /** Rows handed over to the queue and not done. */
  enqueued: number;
  /** How long the oldest row that is due waits, seconds; 0 when there is none. */
  oldestSeconds: number;
  /** Dead letters that nobody replayed. */
  deadLetters: number;
}

/** How far behind the mail is. */
export async function measureOutbox(): Promise<OutboxMeasure> {
  const [row] = await database().execute<OutboxMeasure[]>(
    `select count(*) filter (where enqueued_at is null)::int as waiting,
            count(*) filter (where enqueued_at is not null)::int as enqueued,
            coalesce(extract(epoch from now() - min(greatest(created_at, not_before))), 0)::float8
              as "oldestSeconds",
            (select count(*) from failed_job where replayed_at is null)::int as "deadLetters"
       from outbox
      where done_at is null and dead_at is null and coalesce(not_before <= now(), true)`,
  );
  return row ?? { waiting: 0, enqueued: 0, oldestSeconds: 0, deadLetters: 0 };
}
