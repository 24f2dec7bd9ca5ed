import { database } from "~/platform/orm";
import { CLASSES_SQL } from "./order";

export interface OutboxMeasure {
  /** Rows that no job exists for yet. Rows that wait their turn do not count. */
  waiting: number;
  /** Rows handed over to the queue and not done. */
  enqueued: number;
  /** All of these by class, the most urgent first. */
  classes: [urgent: number, toCrowds: number, late: number];
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
            array[count(*) filter (where class = 0), count(*) filter (where class = 1),
              count(*) filter (where class >= 2)]::int[] as classes,
            coalesce(extract(epoch from now() - min(greatest(created_at, not_before))), 0)::float8
              as "oldestSeconds",
            (select count(*) from failed_job where replayed_at is null)::int as "deadLetters"
       from outbox
      where done_at is null and dead_at is null and coalesce(not_before <= now(), true)`,
  );
  return row ?? { waiting: 0, enqueued: 0, classes: [0, 0, 0], oldestSeconds: 0, deadLetters: 0 };
}

export interface OutboxLook {
  /** Grows by one with each order: how fast, tells how fast they come. */
  lastId: number;
  /** How long the next row in line of any class waits, seconds; 0 when there is none. */
  waitsSeconds: number;
}

/** What a pass of the relay needs to know, for the price of a few looks into indexes. */
export async function lookAtOutbox(): Promise<OutboxLook> {
  const [look] = await database().execute<OutboxLook[]>(
    `select coalesce((select max(id) from outbox), 0)::float8 as "lastId",
            coalesce((select max(waits) from ${CLASSES_SQL}, lateral (
              select extract(epoch from now() - greatest(created_at, not_before)) as waits
                from outbox where done_at is null and dead_at is null and enqueued_at is null
                 and class = c
               order by class, enqueued_at nulls first, id limit 1) o), 0)::float8 as "waitsSeconds"`,
  );
  return look ?? { lastId: 0, waitsSeconds: 0 };
}
