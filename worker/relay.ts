import {
  type ClaimedOrder,
  deliverRow,
  jobIdOf,
  lookAtOutbox,
  RELAY_BATCH,
  relayOutbox,
} from "~/domain/mail/index.server";
import { log } from "~/platform/log";
import { counter } from "~/platform/metrics";
import { namedIn, originOf } from "~/platform/origin";
import { traced } from "~/platform/trace";
import { COMPOSERS } from "./composers";
import type { LoopWork } from "./every";
import { mailJobs } from "./mail-jobs";
import { paceOfMail } from "./pace";

const relayed = counter({
  name: "outbox_relayed_total",
  help: "Mail that the relay handed over to the queue, or delivered",
});

/** The relay as a loop's work, at the pace that registrations leave to it. */
export function relaying(): LoopWork {
  const pace = paceOfMail();
  return async () => {
    const most = Math.min(pace.next(await lookAtOutbox()), RELAY_BATCH);
    const { enqueued } = await relayOutbox({ deliver: deliverNow, most });
    relayed.inc(enqueued);
    return enqueued >= RELAY_BATCH ? "again" : undefined;
  };
}

const deliverRowTraced = traced({ name: "deliver mail", kind: "consumer" }, deliverRow);

/**
 * Delivers a claimed order here and now, beside the others of its batch and without a job.
 *
 * @throws whatever prevented that: then the order gets a job after all
 */
export async function deliverNow(row: ClaimedOrder): Promise<void> {
  const jobId = jobIdOf(row);
  const origin = originOf(row);
  const { status } = await deliverRowTraced({ row, jobId, composers: COMPOSERS, origin });
  mailJobs.inc({ outcome: status });
  log.info({ jobId, ...namedIn(origin), outcome: status }, "mail job");
}
