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
 * so that one is waited for, too: it must not send a second mail.
 */
export async function settleMail({ observer, env }: Site, tally: Tally): Promise<void> {
  await until(DELIVERED_MS, async () => {
    await letAMinutePass(observer);
    const replayed = await replayDeadLetters(observer, env);
    tally.count("dead letters sent again", replayed);
    const open = await observer.rows(
      "select from outbox where done_at is null and dead_at is null and kind <> ? limit 1",
      [POISON],
    );
    return replayed === 0 && open.length === 0 && (await countJobs()) === 0;
  });
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
      where done_at is null and dead_at is null and enqueued_at > now() - interval '1 minute'`,
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
