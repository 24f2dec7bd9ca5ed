import { failpoint } from "~/platform/failpoint";
import { inTransaction } from "~/platform/orm";
import { type ClaimedOrder, claimRows } from "./claim";
import { deliverClaimed } from "./deliver-claimed";
import { enqueueLost } from "./lost-jobs";
import { enqueue, mailQueue } from "./queue";

/** Rows claimed in one transaction. */
export const RELAY_BATCH = 500;
/** Jobs that may wait in Redis; the rest waits in Postgres, where it takes no memory. */
const MOST_QUEUED = 2_000;
/** So few rows are left to the queue, where any worker takes them and an operator sees them. */
const FEW = 16;
/**
 * Hands waiting outbox rows to the mail queue, and hands over again those whose job was lost. Where
 * more than a few wait and `deliver` is given, they are delivered at once, all together, and only
 * those that fail get a job: a job for each would cost more than all the rest of its mail.
 *
 * A row that gets a job counts as handed over when the transaction that claimed it commits, after the
 * job was added: a crash in between adds the same job once more, which BullMQ ignores.
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
    const claimed = await claimRows(em, { limit, few });
    if (claimed.length === 0) return claimed;
    await failpoint("relay-after-claim");
    if (claimed.length <= few) await enqueue(claimed);
    await failpoint("relay-after-add");
    return claimed;
  });
}
