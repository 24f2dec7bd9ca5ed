import type { EntityManager } from "@mikro-orm/postgresql";
import { inTransaction } from "~/platform/orm";
import { CLASSES_SQL } from "./order";
import { type Claimed, enqueue, jobIdOf, mailQueue } from "./queue";

/** A row that is not done after this long is checked again, seconds. */
export const STALE_S = 60;
/** Of each class. */
const STALE_AT_ONCE = 200;

/**
 * Hands rows over again whose job was lost: a queue that was flushed has lost its jobs, and a worker
 * that died while it delivered many at once had none for them, while the rows still count as enqueued.
 * Rows whose job waits, runs or will be retried are left alone; failed jobs belong to the dead letters.
 *
 * @returns how many
 */
export function enqueueLost(): Promise<number> {
  return inTransaction(async (em) => {
    const stale: Claimed[] = await em.execute(CLAIM_STALE, [STALE_S, STALE_AT_ONCE]);
    if (stale.length === 0) return 0;
    const states = await Promise.all(stale.map((row) => mailQueue().getJobState(jobIdOf(row))));
    const lost = stale.filter((_, index) => ["unknown", "completed"].includes(states[index] ?? ""));
    const again = lost.map((row) => ({ ...row, generation: row.generation + 1 }));
    await enqueue(again);
    await markEnqueued(em, stale, { generations: 0 });
    await markEnqueued(em, lost, { generations: 1 });
    return lost.length;
  });
}

async function markEnqueued(
  em: EntityManager,
  rows: Claimed[],
  { generations }: { generations: number },
): Promise<void> {
  await em.execute(
    `update outbox set enqueued_at = clock_timestamp(), generation = generation + ?
      where id = any(?::bigint[])`,
    [generations, `{${rows.map(({ id }) => id).join(",")}}`],
  );
}

/** By `outbox_class_index`, whose rows without a job stand before these. */
const CLAIM_STALE = `
select o.id::text, kind, generation, request_id, trace_parent from ${CLASSES_SQL}, lateral (
  select * from outbox where done_at is null and dead_at is null and class = c
    and enqueued_at < now() - make_interval(secs => ?)
  order by class, enqueued_at nulls first, id limit ? for update skip locked) o`;
