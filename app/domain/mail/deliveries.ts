import type { EntityManager } from "@mikro-orm/postgresql";
import { env } from "~/platform/env";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { LETTER_ID, LETTER_OF_REFUSED } from "./letters";
import type { DeliveryState } from "./tables";

export interface DeliveryView {
  mailId: string;
  userId: string;
  state: DeliveryState;
  /** Why it has not left, in a word; null when nothing went wrong. */
  reason: string | null;
  smtpCode: string | null;
  attempts: number;
  queuedAt: Date;
  /** When it is tried next, while it is queued. */
  nextAt: Date | null;
  changedAt: Date;
}

/** Mail that has not left, or mail of one state; the newest first. */
export async function listDeliveries({
  state,
  limit = 1_000,
}: {
  state?: DeliveryState;
  limit?: number;
} = {}): Promise<DeliveryView[]> {
  type Row = Omit<DeliveryView, "queuedAt" | "nextAt" | "changedAt"> & {
    queuedAt: string;
    nextAt: string | null;
    changedAt: string;
  };
  const rows: Row[] = await database().execute(
    `select d.mail_id as "mailId", m.user_id as "userId", d.state, d.reason,
            d.smtp_code as "smtpCode", d.attempts, d.queued_at as "queuedAt",
            case when d.state = 'queued' then d.next_at end as "nextAt", d.changed_at as "changedAt"
       from mail_delivery d join mail_box m on m.id = d.mail_id
      where ${state ? "d.state = ?" : "d.state <> 'sent'"}
      order by d.queued_at desc, d.mail_id limit ?`,
    [...(state ? [state] : []), limit],
  );
  return rows.map(({ queuedAt, nextAt, changedAt, ...rest }) => ({
    ...rest,
    queuedAt: new Date(queuedAt),
    nextAt: nextAt ? new Date(nextAt) : null,
    changedAt: new Date(changedAt),
  }));
}

export type DeliveryReplay = { status: "replayed" | "not_found" | "nothing_to_send" };

/**
 * Sends a mail again that was refused, or whose outcome is unknown: at once, and for another
 * `SMTP_RETRY_HOURS`. Its dead letter counts as replayed.
 *
 * @param em the caller's transaction, if it has one
 */
export async function replayDelivery(
  { mailId }: { mailId: string },
  em: EntityManager = database(),
): Promise<DeliveryReplay> {
  if (!isUuid(mailId)) return { status: "not_found" };
  const [found] = await em.execute<{ replayed: boolean }[]>(REPLAY, [mailId]);
  if (!found) return { status: "not_found" };
  return { status: found.replayed ? "replayed" : "nothing_to_send" };
}

const REPLAY = `
with found as (
  select mail_id, state from mail_delivery where mail_id = ?
), replayed as (
  update mail_delivery d
     set state = 'queued', reason = null, smtp_code = null, failures = 0, unanswered = 0,
         queued_at = now(), next_at = now(), changed_at = now()
    from found where d.mail_id = found.mail_id and d.state in ('refused', 'unknown')
  returning d.mail_id, d.attempts
), letters as (
  update failed_job set replayed_at = now()
   where replayed_at is null and job_id in (select ${LETTER_ID} from replayed d)
)
select exists (select from replayed) as replayed from found`;

/** A mail whose last attempt is due at the end of its hours may be a little late. Minutes. */
const GRACE_MINUTES = 10;
const SWEPT_AT_ONCE = 1_000;

/**
 * Ends what nobody ends otherwise: mail that was handed over by a worker that died is `unknown`, and
 * mail whose hours have passed while the server could not be asked is given up.
 *
 * @returns how many of each
 */
export async function sweepDeliveries(): Promise<{ unknown: number; gaveUp: number }> {
  const unknown: unknown[] = await database().execute(LOSE_SIGHT, [SWEPT_AT_ONCE]);
  const parameters = [env().SMTP_RETRY_HOURS, GRACE_MINUTES, SWEPT_AT_ONCE];
  const gaveUp: unknown[] = await database().execute(`${GIVE_UP} returning 1`, parameters);
  return { unknown: unknown.length, gaveUp: gaveUp.length };
}

const LOSE_SIGHT = `
update mail_delivery set state = 'unknown', reason = 'ours', changed_at = now()
where mail_id in (
  select mail_id from mail_delivery where state = 'sending' and next_at <= now()
  order by next_at limit ? for update skip locked)
returning 1`;

const GIVE_UP = `
with old as (
  select mail_id, reason from mail_delivery
   where state = 'queued' and queued_at < now() - make_interval(hours => ?, mins => ?)
   limit ? for update skip locked
), settled as (
  update mail_delivery d
     set state = 'refused', reason = 'gave_up', changed_at = now()
    from old where d.mail_id = old.mail_id
  returning d.mail_id, d.attempts, d.state, d.reason, coalesce(old.reason, 'never tried') as said
)
${LETTER_OF_REFUSED}`;

export interface DeliveryMeasure {
  /** Mails in each state, but for those that were sent. */
  states: Partial<Record<DeliveryState, number>>;
  /** How long the oldest queued mail has been waiting, seconds; 0 when there is none. */
  oldestSeconds: number;
}

/** How far behind SMTP is. */
export async function measureDeliveries(): Promise<DeliveryMeasure> {
  const rows: { state: DeliveryState; count: number; oldest: number }[] = await database().execute(
    `select state, count(*)::int as count,
            extract(epoch from now() - min(queued_at))::float8 as oldest
       from mail_delivery where state <> 'sent' group by state`,
  );
  return {
    states: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    oldestSeconds: rows.find(({ state }) => state === "queued")?.oldest ?? 0,
  };
}
