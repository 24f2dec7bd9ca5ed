import { setTimeout as delay } from "node:timers/promises";
import { mailQueue } from "~/domain/mail/index.server";
import type { Observer } from "./observer";
import { operate } from "./programs";
import type { Site } from "./site";
import type { Tally } from "./tally";

/** A kind that nobody composes: such a mail fails for good, and must leave a dead letter. */
const POISON = "harness.poison";
/** How long all mail may take to be delivered after the last fault, milliseconds. */
const DELIVERED_MS = 90_000;
/** How long a failure may take to be written down, milliseconds. */
const WRITTEN_DOWN_MS = 30_000;

/** Puts a mail into the outbox that can only fail. */
export async function postPoison(observer: Observer, name: string): Promise<void> {
  await observer.rows(
    `insert into outbox (dedupe_key, kind, payload) values (?, ?, '{}') on conflict do nothing`,
    [`poison:${name}`, POISON],
  );
}

/**
 * Waits until the workers have dealt with every outbox row, as an operator would: dead letters of
 * good mail are sent again. A job that got lost is looked for after a minute; here the minute
 * passes at once. The job of a worker that died runs again although its row may be done already,
 * so that one is waited for, too: it must not send a second mail. Mail that waits its turn is left
 * waiting at first, to see that no loop got more than its mail; then its hours pass at once too, one for
 * each mail of a topic, and every registration must get its own.
 */
export async function settleMail(site: Site, tally: Tally): Promise<void> {
  const { observer } = site;
  await deliverAll({
    site,
    tally,
    which: "coalesce(not_before <= now(), true)",
    letTimePass: () => letAMinutePass(observer),
  });
  await checkTurns(observer, tally);
  await deliverAll({
    site,
    tally,
    which: "true",
    async letTimePass() {
      await letAnHourPass(observer, tally);
      await letAMinutePass(observer);
    },
  });
  await checkPoison(observer, tally);
}

async function deliverAll({
  site: { observer, env },
  tally,
  which,
  letTimePass,
}: {
  site: Site;
  tally: Tally;
  /** SQL for which rows must be done. */
  which: string;
  letTimePass: () => Promise<void>;
}): Promise<void> {
  await until(DELIVERED_MS, async () => {
    await letTimePass();
    const replayed = await replayDeadLetters(observer, env);
    tally.count("dead letters sent again", replayed);
    const open = await observer.rows(
      `select from outbox where done_at is null and dead_at is null and kind <> ? and ${which} limit 1`,
      [POISON],
    );
    return replayed === 0 && open.length === 0 && (await countJobs()) === 0;
  });
}

/** Who registers, cancels and registers again has one confirmation an hour. */
async function checkTurns(observer: Observer, tally: Tally): Promise<void> {
  const loops = await observer.rows<{ competition_id: string; user_id: string }>(
    `select r.competition_id, r.user_id from mail_box m
       join registration r on m.user_id = r.user_id and m.dedupe_key = 'confirmation:' || r.id
       join registration o on o.user_id = r.user_id and o.competition_id = r.competition_id and o.id <> r.id
       join mail_box n on n.user_id = o.user_id and n.dedupe_key = 'confirmation:' || o.id
      where n.sent_at between m.sent_at and m.sent_at + interval '59 minutes'`,
  );
  for (const { competition_id, user_id } of loops) {
    const detail = `${user_id} in ${competition_id}`;
    tally.violate("two confirmations of a loop within an hour", detail);
  }
}

async function letAnHourPass(observer: Observer, tally: Tally): Promise<void> {
  await observer.rows("update mail_turn set taken_at = taken_at - interval '1 hour'");
  const waiting = await observer.rows(
    `update outbox set not_before = now(), enqueued_at = now() - interval '61 seconds'
      where done_at is null and dead_at is null and not_before > now() returning 1`,
  );
  tally.count("confirmations that waited their turn", waiting.length);
}

async function checkPoison(observer: Observer, tally: Tally): Promise<void> {
  let unsaid: { dedupe_key: string }[] = [];
  await until(WRITTEN_DOWN_MS, async () => {
    unsaid = await observer.rows(
      `select dedupe_key from outbox o where kind = ? and not exists (
         select from failed_job where (job_data->>'outboxId')::bigint = o.id)`,
      [POISON],
    );
    return unsaid.length === 0;
  });
  for (const { dedupe_key } of unsaid) {
    tally.violate("a failed mail that no dead letter tells of", dedupe_key);
  }
}

async function countJobs(): Promise<number> {
  const counts = await mailQueue().getJobCounts("active", "waiting", "delayed");
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

async function letAMinutePass(observer: Observer): Promise<void> {
  await observer.rows(
    `update outbox set enqueued_at = enqueued_at - interval '1 minute'
      where done_at is null and dead_at is null
        and enqueued_at between now() - interval '1 minute' and now()`,
  );
}

async function replayDeadLetters(observer: Observer, env: Record<string, string>) {
  const letters = await observer.rows<{ id: string }>(
    `select f.id from failed_job f join outbox o on o.id = (f.job_data->>'outboxId')::bigint
      where f.replayed_at is null and o.dead_at is not null and o.kind <> ?`,
    [POISON],
  );
  for (const { id } of letters) await operate(env, ["failed", "replay", id]);
  return letters.length;
}

async function until(limitMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!(await isSo()) && performance.now() < giveUpAt) await delay(500);
}
