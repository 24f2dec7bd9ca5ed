import { setTimeout as pause } from "node:timers/promises";
import { inBatches } from "~/platform/batch";
import { env } from "~/platform/env";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { type Origin, type OriginColumns, originOf } from "~/platform/origin";
import { database } from "~/platform/orm";
import { LETTER_OF_REFUSED } from "./letters";
import { waitAfter } from "./retry-waits";
import { PATIENCE_MS, SILENCE_MS, type StoredMail, sendBySmtp } from "./smtp";
import type { SmtpOutcome } from "./smtp-outcome";

/** A mail whose next attempt is ours. */
export interface ClaimedMail extends StoredMail {
  mailId: string;
  userId: string;
  /** Which claim of this mail it is: an older one changes nothing any more. */
  attempt: number;
  failures: number;
  origin?: Origin | undefined;
}

/** Until a mail that is claimed may be claimed again, should its worker have died. Seconds. */
const LEASE_S = (PATIENCE_MS / 1_000) * 1.2;
/** Until the outcome of a mail that was handed over counts as unknown. Seconds. */
const OUTCOME_S = (SILENCE_MS / 1_000) * 1.5;
/** How long to wait for a Postgres that does not take an outcome. Milliseconds. */
const POSTGRES_PAUSE_MS = 500;
/** One statement's share. */
const AT_ONCE = 64;

/** Takes mail that is due, the longest due first. Mail that another worker holds is passed over. */
export async function claimDueMail({ limit }: { limit: number }): Promise<ClaimedMail[]> {
  type Row = ClaimedMail & OriginColumns;
  const rows: Row[] = await database().execute(CLAIM, [limit, LEASE_S]);
  return rows.map(({ request_id, trace_parent, ...mail }) => {
    const origin = originOf({ request_id, trace_parent });
    return origin ? { ...mail, origin } : mail;
  });
}

const CLAIM = `
with due as (
  select mail_id from mail_delivery where state = 'queued' and next_at <= now()
  order by next_at limit ? for update skip locked
)
update mail_delivery d
   set attempts = d.attempts + 1, next_at = now() + make_interval(secs => ?), changed_at = now()
  from due join mail_box m on m.id = due.mail_id
  left join outbox o on o.dedupe_key = m.dedupe_key
 where d.mail_id = due.mail_id
returning d.mail_id as "mailId", m.user_id as "userId", d.attempts as attempt, d.failures,
  m."to", m.subject, m.body, m.html, m.calendar, m.dedupe_key as "dedupeKey",
  o.request_id, o.trace_parent`;

/**
 * Sends a claimed mail and writes down what became of it.
 *
 * Before the server can take it, Postgres knows that it is on its way: from then on nobody sends it
 * again until the server's answer is written down. So what the server took is not sent twice because
 * of us, even if this process dies or Postgres is away; then its outcome is unknown.
 */
export async function sendClaimed(
  mail: ClaimedMail,
  { patienceMs = PATIENCE_MS } = {},
): Promise<SmtpOutcome> {
  const beforeTheDot = () => markOnItsWay(mail);
  const outcome = await sendBySmtp({ mail, beforeTheDot, patienceMs });
  await failpoint("smtp-after-answer");
  if (outcome.result !== "superseded") await settlePatiently({ mail, outcome });
  return outcome;
}

const markOnItsWay = inBatches<ClaimedMail, boolean>({
  most: AT_ONCE,
  async run(mails) {
    const ids = mails.map(({ mailId, attempt }) => ({ mailId, attempt }));
    const marked: { id: string }[] = await database().execute(MARK, [
      OUTCOME_S,
      JSON.stringify(ids),
    ]);
    const known = new Set(marked.map(({ id }) => id));
    return mails.map(({ mailId }) => known.has(mailId));
  },
});

const MARK = `
update mail_delivery d
   set state = 'sending', next_at = now() + make_interval(secs => ?), changed_at = now()
  from json_to_recordset(?::json) as m("mailId" uuid, attempt int)
 where d.mail_id = m."mailId" and d.attempts = m.attempt and d.state = 'queued'
returning d.mail_id as id`;

interface Settling {
  mail: ClaimedMail;
  outcome: Exclude<SmtpOutcome, { result: "superseded" }>;
}

/** Holds on to an outcome while Postgres is away: nobody else knows it. */
async function settlePatiently(settling: Settling): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      return await settle(settling);
    } catch (error) {
      if (failures === 0) log.warn({ err: error }, "outcome of a mail not written down yet");
      await pause(POSTGRES_PAUSE_MS);
    }
  }
}

const settle = inBatches<Settling, void>({
  most: AT_ONCE,
  async run(settlings) {
    const outcomes = settlings.map(({ mail: { mailId, attempt, failures }, outcome }) => ({
      mailId,
      attempt,
      wait: waitAfter(failures + 1),
      ...outcome,
    }));
    await database().execute(SETTLE, [JSON.stringify(outcomes), env().SMTP_RETRY_HOURS]);
    return settlings.map(() => undefined);
  },
});

/**
 * A mail that was handed over without an answer is tried once more, as RFC 5321 asks, since the
 * server has not taken it on itself. Another time might go on for ever, and each may arrive.
 */
const SETTLE = `
with outcome as (
  select * from json_to_recordset(?::json)
    as o("mailId" uuid, attempt int, result text, reason text, code text, said text, wait float8)
), judged as (
  select o.*, deadline, case
      when o.result <> 'retry' then o.result
      when o.reason = 'unanswered' and d.unanswered > 0 then 'unknown'
      when deadline <= now() then 'refused'
      else 'queued' end as state
    from outcome o
    join mail_delivery d on d.mail_id = o."mailId" and d.attempts = o.attempt
     and d.state in ('queued', 'sending', 'unknown')
   cross join lateral (select d.queued_at + make_interval(hours => ?) as deadline) t
     for update of d
), settled as (
  update mail_delivery d
     set state = j.state, smtp_code = j.code,
         reason = case when j.state = 'refused' and j.result = 'retry' then 'gave_up' else j.reason end,
         failures = d.failures + (j.result = 'retry')::int,
         unanswered = d.unanswered + coalesce(j.reason = 'unanswered', false)::int,
         next_at = least(now() + make_interval(secs => j.wait), deadline),
         changed_at = now()
    from judged j where d.mail_id = j."mailId"
  returning d.mail_id, d.attempts, d.state, d.reason, j.said
)
${LETTER_OF_REFUSED}`;
