import { failpoint } from "~/platform/failpoint";
import { BY_INDEX_SQL, executePrepared, inTransaction } from "~/platform/orm";
import { deliverClaimed } from "./deliver-claimed";
import { enqueueLost, STALE_S } from "./lost-jobs";
import { type Claimed, enqueue, mailQueue } from "./queue";

/** Rows claimed in one transaction. */
export const RELAY_BATCH = 500;
/** Of these the newest, so that a fresh confirmation overtakes a million reminders. */
const NEWEST_OF_BATCH = 50;
/** Jobs that may wait in Redis; the rest waits in Postgres, where it takes no memory. */
const MOST_QUEUED = 2_000;
/** So few rows are left to the queue, where any worker takes them and an operator sees them. */
const FEW = 16;
/** When a row whose delivery began here, and did not end, counts as lost: its worker died. Seconds. */
const LOST_S = 15;

/** A row of the outbox that is claimed, for the mail that it orders. */
export interface ClaimedOrder extends Claimed {
  dedupe_key: string;
  payload: unknown;
}

/**
 * Hands waiting outbox rows to the mail queue, and hands over again those whose job was lost. Where
 * more than a few wait and `deliver` is given, they are delivered at once, all together, and only
 * those that fail get a job: a job for each would cost more than all the rest of its mail.
 *
 * A row counts as handed over when the transaction that claimed it commits, after the job was
 * added: a crash in between adds the same job once more, which BullMQ ignores.
 *
 * @param most how many rows at once
 * @throws while Redis or Postgres is away: nothing is lost, try again
 */
export async function relayOutbox({
  deliver,
  most = RELAY_BATCH,
}: {
  deliver?: (order: ClaimedOrder) => Promise<unknown>;
  most?: number;
} = {}): Promise<{ enqueued: number }> {
  const [{ waiting = 0, delayed = 0 }, isPaused] = await Promise.all([
    mailQueue().getJobCounts("waiting", "delayed"),
    mailQueue().isPaused(),
  ]);
  const limit = Math.min(MOST_QUEUED - waiting - delayed, most);
  const few = deliver && !isPaused ? FEW : RELAY_BATCH;
  const claimed = limit > 0 ? await claimFresh(limit, { few }) : [];
  if (deliver && claimed.length > few) await deliverClaimed(claimed, deliver);
  return { enqueued: claimed.length + (await enqueueLost()) };
}

/** @param few so many, and fewer, are handed to the queue as well */
function claimFresh(limit: number, { few }: { few: number }): Promise<ClaimedOrder[]> {
  return inTransaction(async (em) => {
    const newest = Math.min(NEWEST_OF_BATCH, limit);
    const parameters = [newest, limit - newest, few, STALE_S - LOST_S].map(String);
    await executePrepared(em, `select ${BY_INDEX_SQL}`, []);
    const claimed = await executePrepared<ClaimedOrder>(em, CLAIM_FRESH, parameters);
    if (claimed.length === 0) return claimed;
    await failpoint("relay-after-claim");
    if (claimed.length <= few) await enqueue(claimed);
    await failpoint("relay-after-add");
    return claimed;
  });
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
), picked as (
  select id from newest union select id from oldest
)
update outbox o set generation = generation + 1, enqueued_at = clock_timestamp() -
  case when (select count(*) from picked) > ? then make_interval(secs => ?) else interval '0' end
from picked p where o.id = p.id
returning o.id::text, dedupe_key, kind, payload, generation, request_id, trace_parent`;
