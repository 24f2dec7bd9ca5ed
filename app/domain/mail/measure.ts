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

/** Outbox rows are kept this long after their mail left, days. */
const DONE_KEPT_DAYS = 30;
const SWEPT_AT_ONCE = 5_000;

/** Deletes outbox rows whose mail left long ago. The mailbox keeps the key that prevents a second. */
export async function sweepOutbox(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from outbox where id in (
       select id from outbox where done_at < now() - make_interval(days => ?) order by id limit ?)
     returning 1`,
    [DONE_KEPT_DAYS, SWEPT_AT_ONCE],
  );
  return { forgotten: rows.length };
}
