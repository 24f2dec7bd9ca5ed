import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import type { MailMessage } from "./messages";
import { STALE_S } from "./outbox";
import { sendBySmtp } from "./smtp";

/** An outbox row whose mail is to leave. */
interface Order {
  id: string;
  dedupe_key: string;
}

/**
 * Sends a mail by SMTP when it is its turn. Of one topic a person gets one mail an hour: the next
 * waits, and is composed when its hour has come, so that the last word is true. Beyond so many mails
 * of a kind a day the rest goes into the mailbox only: nothing that is due gets lost, and no loop
 * fills anybody's inbox.
 *
 * Done again for the same row it does the same. A topic whose mail turned out to be needless is free
 * at once; while it is not known what becomes of that mail, the others look again in a minute.
 *
 * @throws as `sendBySmtp`
 */
export async function sendInTurn(row: Order, message: MailMessage): Promise<"sent" | "postponed"> {
  const isLimited = env().RATE_LIMITS === "on";
  if (isLimited && message.topic && !(await takeTurn(row, message))) {
    await postpone(row, await findNextTurn(message));
    return "postponed";
  }
  if (!isLimited || !(await isDayFull(row, message))) {
    await sendBySmtp({ message, dedupeKey: row.dedupe_key });
  }
  return "sent";
}

/**
 * Lets a row wait. Its job is over, since jobs that wait would fill the queue; the relay hands the
 * row over again when it counts as stale.
 */
async function postpone({ id }: Order, at: Date): Promise<void> {
  await database().execute(
    `update outbox set not_before = ?, enqueued_at = ?::timestamptz - make_interval(secs => ?)
      where id = ?::bigint`,
    [at, at, STALE_S, id],
  );
}

const KEPT = "interval '1 hour'";

const SWEPT_AT_ONCE = 5_000;

/** Deletes a share of the turns that stand in nobody's way any more. */
export async function sweepTurns(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from mail_turn where (user_id, topic) in (
       select user_id, topic from mail_turn where taken_at <= now() - ${KEPT}
        order by taken_at limit ?)
     returning 1`,
    [SWEPT_AT_ONCE],
  );
  return { forgotten: rows.length };
}

async function takeTurn({ id }: Order, { userId, topic }: MailMessage): Promise<boolean> {
  const taken: unknown[] = await database().execute(TAKE, [userId, topic, id]);
  return taken.length > 0;
}

/** Row and mail end in one transaction: a row that is done and has no mail will never have one. */
const TAKE = `
insert into mail_turn (user_id, topic, outbox_id) values (?, ?, ?::bigint)
on conflict (user_id, topic) do update set outbox_id = excluded.outbox_id, taken_at = now()
  where mail_turn.outbox_id = excluded.outbox_id
    or mail_turn.taken_at <= now() - ${KEPT}
    or exists (
      select from outbox o where o.id = mail_turn.outbox_id and o.done_at is not null
        and not exists (select from mail_box m where m.dedupe_key = o.dedupe_key))
returning 1`;

async function findNextTurn({ userId, topic }: MailMessage): Promise<Date> {
  const [next] = await database().execute<{ at: string }[]>(
    `select case when o.done_at is null then now() + interval '1 minute'
                 else t.taken_at + ${KEPT} end as at
       from mail_turn t left join outbox o on o.id = t.outbox_id
      where t.user_id = ? and t.topic = ?`,
    [userId, topic],
  );
  return next ? new Date(next.at) : new Date();
}

/** Mails that leave at the same moment do not see each other: a few more than the limit may go. */
async function isDayFull({ dedupe_key }: Order, { userId }: MailMessage): Promise<boolean> {
  const { SMTP_URL, MAIL_PER_DAY } = env();
  if (!SMTP_URL) return false;
  const [sent] = await database().execute<{ count: number }[]>(
    `select count(*)::int as count from mail_box
      where user_id = ? and sent_at > now() - interval '1 day'
        and split_part(dedupe_key, ':', 1) = split_part(?, ':', 1)`,
    [userId, dedupe_key],
  );
  return (sent?.count ?? 0) >= MAIL_PER_DAY;
}
