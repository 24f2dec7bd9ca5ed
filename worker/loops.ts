import { tellChanges } from "~/domain/competitions/index.server";
import { replayUncomposed, sweepFailedJobs } from "~/domain/mail/index.server";
import { orderClosedLineMail, sweepSeats } from "~/domain/registration/index.server";
import { log } from "~/platform/log";
import { counter } from "~/platform/metrics";
import { COMPOSERS } from "./composers";
import { every, type Loop } from "./every";
import { relaying } from "./relay";
import { ensureReminders } from "./reminder-schedule";
import { startForgetting } from "./retention";
import { startSmtpSender } from "./smtp-sender";

const swept = counter({
  name: "seats_swept_total",
  help: "Competitions that the seat sweep looked at, repaired or made Redis forget",
  labelNames: ["what"],
});

/** Starts everything that the worker does periodically. */
export function startLoops(): Loop[] {
  return [
    every({ name: "relay", ms: 250 }, relaying()),
    every({ name: "sweep-seats", ms: 5_000 }, sweep),
    every({ name: "tell-closed-lines", ms: 10_000 }, async () =>
      (await orderClosedLineMail()).ordered > 0 ? "again" : undefined,
    ),
    every({ name: "tell-changes", ms: 5_000 }, async () => {
      await tellChanges();
      return undefined;
    }),
    every({ name: "sweep-failed-jobs", ms: 10_000 }, async () => {
      const { recorded } = await sweepFailedJobs();
      if (recorded > 0) log.warn({ recorded }, "failed jobs found without a dead letter");
      const { replayed } = await replayUncomposed(Object.keys(COMPOSERS));
      if (replayed > 0) log.info({ replayed }, "mail that another release could not compose");
      return undefined;
    }),
    every({ name: "reminders", ms: 60_000 }, async () => {
      await ensureReminders();
      return undefined;
    }),
    ...startSmtpSender(),
    ...startForgetting(),
  ];
}

async function sweep(): Promise<undefined> {
  const { looked, repaired, forgotten } = await sweepSeats();
  swept.inc({ what: "looked" }, looked);
  swept.inc({ what: "repaired" }, repaired);
  swept.inc({ what: "forgotten" }, forgotten);
  if (repaired > 0) log.info({ repaired }, "seats repaired");
  return undefined;
}
