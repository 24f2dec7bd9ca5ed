import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint } from "~/platform/failpoint";
import { type Origin, type OriginColumns, originOf } from "~/platform/origin";
import { inTransaction } from "~/platform/orm";
import { tracedEach } from "~/platform/trace";
import { carrying } from "./job-origin";
import type { MailKind, MailPayloads } from "./messages";
import { MAIL_JOB_OPTIONS, mailJobId, mailQueue } from "./queue";

/**
 * SQL that orders mail: an outbox row for each row of `from`, as a part of the statement that
 * writes what the mail is about. The mail leaves when that commits, and never if it does not.
 *
 * @param order.dedupeKey SQL of a text: two rows with the same are one mail
 * @param order.payload SQL of a text for each field
 * @param order.origin SQL of a text for each of its columns: whose request orders the mail
 */
export function orderMailSql<Kind extends MailKind>(order: {
  kind: Kind;
  dedupeKey: string;
  payload: Record<MailPayloads[Kind], string>;
  origin?: Record<keyof OriginColumns, string>;
  from: string;
}): string {
  const fields = Object.entries<string>(order.payload).map(([name, sql]) => `'${name}', ${sql}`);
  const { request_id, trace_parent } = order.origin ?? { request_id: "null", trace_parent: "null" };
  return `insert into outbox (dedupe_key, kind, payload, request_id, trace_parent)
  select ${order.dedupeKey}, '${order.kind}', jsonb_build_object(${fields.join(", ")}),
    ${request_id}, ${trace_parent}
  from ${order.from}`;
}

/** Rows handed over in one transaction. */
export const RELAY_BATCH = 500;
/** Of these the newest, so that a fresh confirmation overtakes a million reminders. */
const NEWEST_OF_BATCH = 50;
/** Jobs that may wait in Redis; the rest waits in Postgres, where it takes no memory. */
const MOST_QUEUED = 2_000;
/** A row that is not done after this long is checked again, seconds. */
export const STALE_S = 60;
const STALE_AT_ONCE = 200;

interface Claimed extends OriginColumns {
  id: string;
  kind: string;
  generation: number;
}

/**
 * Hands waiting outbox rows to the mail queue, and hands over again those whose job was lost.
 *
 * A row counts as handed over when the transaction that claimed it commits, after the job was
 * added: a crash in between adds the same job once more, which BullMQ ignores.
 *
 * @throws while Redis or Postgres is away: nothing is lost, try again
 */
export async function relayOutbox(): Promise<{ enqueued: number }> {
  const { waiting = 0, delayed = 0 } = await queued();
  const room = MOST_QUEUED - waiting - delayed;
  const fresh = room > 0 ? await enqueueFresh(Math.min(room, RELAY_BATCH)) : 0;
  return { enqueued: fresh + (await enqueueLost()) };
}

function queued(): Promise<Record<string, number>> {
  return mailQueue().getJobCounts("waiting", "delayed");
}

function enqueueFresh(batch: number): Promise<number> {
  return inTransaction(async (em) => {
    const newest = Math.min(NEWEST_OF_BATCH, batch);
    const claimed: Claimed[] = await em.execute(CLAIM_FRESH, [newest, batch - newest]);
    if (claimed.length === 0) return 0;
    await failpoint("relay-after-claim");
    await addJobs(claimed);
    await failpoint("relay-after-add");
    return claimed.length;
  });
}

/**
 * A queue that was flushed has lost its jobs, while their rows still count as enqueued. Rows whose
 * job waits, runs or will be retried are left alone; failed jobs belong to the dead letters.
 */
function enqueueLost(): Promise<number> {
  return inTransaction(async (em) => {
    const stale: Claimed[] = await em.execute(CLAIM_STALE, [STALE_S, STALE_AT_ONCE]);
    if (stale.length === 0) return 0;
    const states = await Promise.all(stale.map((row) => mailQueue().getJobState(jobId(row))));
    const lost = stale.filter((_, index) => ["unknown", "completed"].includes(states[index] ?? ""));
    const again = lost.map((row) => ({ ...row, generation: row.generation + 1 }));
    await addJobs(again);
    await markEnqueued(em, stale, { generations: 0 });
    await markEnqueued(em, lost, { generations: 1 });
    return lost.length;
  });
}

async function addJobs(rows: Claimed[]): Promise<void> {
  if (rows.length === 0) return;
  await enqueue(rows.map((row) => ({ ...row, origin: originOf(row) })));
}

const enqueue = tracedEach(
  { name: "enqueue mail", kind: "producer" },
  (rows: (Claimed & { origin: Origin | undefined })[]) =>
    mailQueue().addBulk(
      rows.map((row) => ({
        name: row.kind,
        data: { outboxId: row.id, generation: row.generation },
        opts: { ...MAIL_JOB_OPTIONS, ...carrying(row.origin), jobId: jobId(row) },
      })),
    ),
);

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

function jobId({ id, generation }: Claimed): string {
  return mailJobId({ outboxId: id, generation });
}

const WAITING = "done_at is null and dead_at is null and enqueued_at is null";

/** Both orders are those of `outbox_waiting_index`, forwards and backwards. */
const CLAIM_FRESH = `
with newest as (
  select id from outbox where ${WAITING} order by enqueued_at desc nulls last, id desc limit ?
  for update skip locked
), oldest as (
  select id from outbox where ${WAITING} order by enqueued_at nulls first, id limit ?
  for update skip locked
)
update outbox set enqueued_at = clock_timestamp(), generation = generation + 1
where id in (select id from newest union select id from oldest)
returning id::text, kind, generation, request_id, trace_parent`;

const CLAIM_STALE = `
select id::text, kind, generation, request_id, trace_parent from outbox
where done_at is null and dead_at is null and enqueued_at < now() - make_interval(secs => ?)
order by enqueued_at, id limit ?
for update skip locked`;
