import { within } from "~/platform/within";
import { type Claimed, enqueue } from "./queue";

/** How long the others wait for a slow one, milliseconds. It goes on, and is looked for if it dies. */
const PATIENCE_MS = 8_000;

/**
 * Delivers claimed rows at once, so that they share statements and transactions. What fails, for
 * whatever reason, gets a job of its own, with its attempts and, at the end, its dead letter. Should
 * this process die, all that is not done is handed over again by `enqueueLost`, one job each: so a
 * mail at which workers die is found out by the queue, and takes no other with it.
 *
 * @throws while Redis takes no job: what failed is handed over later, as if it were lost
 */
export async function deliverClaimed<Order extends Claimed>(
  claimed: Order[],
  deliver: (order: Order) => Promise<unknown>,
): Promise<void> {
  const failed: Order[] = [];
  const deliveries = claimed.map((order) => deliver(order).catch(() => void failed.push(order)));
  await within(PATIENCE_MS, Promise.all(deliveries));
  await enqueue(failed);
}
