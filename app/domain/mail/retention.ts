import { env } from "~/platform/env";
import { database } from "~/platform/orm";

/** Outbox rows are kept this long after their mail left, days. */
const DONE_KEPT_DAYS = 30;
/** Dead letters are kept this long, replayed or not, and so is the order of a mail that failed. Days. */
const DEAD_KEPT_DAYS = 90;
/** A statement's share. */
const SWEPT_AT_ONCE = 5_000;
/** Orders have no index by their age. They are numbered as they come: the oldest are looked at. */
const LOOKED_AT = 4 * SWEPT_AT_ONCE;
/** Mail is long, and may lie outside its row. */
const MAIL_AT_ONCE = 1_000;

/**
 * Deletes a share of the orders whose mail left, or failed, long ago. The mailbox keeps the key that
 * prevents a second one.
 */
export async function sweepOutbox(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from outbox where id in (
       select id from (select id, done_at, dead_at from outbox order by id limit ?) oldest
        where done_at < now() - make_interval(days => ?)
           or dead_at < now() - make_interval(days => ?) and done_at is null
        order by id limit ?)
     returning 1`,
    [LOOKED_AT, DONE_KEPT_DAYS, DEAD_KEPT_DAYS, SWEPT_AT_ONCE],
  );
  return { forgotten: rows.length };
}

/** Deletes a share of the dead letters that nobody will replay any more. */
export function forgetDeadLetters(): Promise<{ forgotten: number }> {
  return forgetOldest("failed_job", { by: "failed_at", days: DEAD_KEPT_DAYS, most: SWEPT_AT_ONCE });
}

/** Deletes a share of the mail that is older than `MAIL_KEPT_DAYS`, unless it has yet to leave by SMTP. */
export function forgetOldMail(): Promise<{ forgotten: number }> {
  const days = env().MAIL_KEPT_DAYS;
  return forgetOldest("mail_box", { by: "sent_at", days, most: MAIL_AT_ONCE, unless: IS_TO_LEAVE });
}

/** None is tried for longer than a month, whatever the settings. */
const IS_TO_LEAVE = `exists (select from mail_delivery d where d.mail_id = mail_box.id
  and d.state in ('queued', 'sending') and d.queued_at > now() - interval '31 days')`;

async function forgetOldest(
  table: "failed_job" | "mail_box",
  asked: { by: "failed_at" | "sent_at"; days: number; most: number; unless?: string },
): Promise<{ forgotten: number }> {
  const { by, days, most, unless = "false" } = asked;
  const rows: unknown[] = await database().execute(
    `delete from ${table} where id in (
       select id from ${table} where ${by} < now() - make_interval(days => ?) and not ${unless}
        order by ${by} limit ?)
     returning 1`,
    [days, most],
  );
  return { forgotten: rows.length };
}
