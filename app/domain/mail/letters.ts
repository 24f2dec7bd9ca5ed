import * as z from "zod";

/** What a dead letter keeps of a mail that the SMTP server did not take. */
export const smtpLetterSchema = z.strictObject({ mailId: z.guid() });

/** A dead letter's id for each attempt: a replay that fails is another one. */
export const LETTER_ID = "'smtp-' || d.mail_id || '-' || d.attempts";

/**
 * Ends a statement whose `settled d` has `mail_id`, `attempts`, `state`, `reason` and what was `said`:
 * whatever is refused is a dead letter, too.
 */
export const LETTER_OF_REFUSED = `
insert into failed_job (id, job_name, job_id, job_data, error, attempts, request_id)
select gen_random_uuid(), 'smtp', ${LETTER_ID}, jsonb_build_object('mailId', d.mail_id),
       d.reason || ': ' || d.said, d.attempts,
       (select o.request_id from outbox o join mail_box m using (dedupe_key) where m.id = d.mail_id)
  from settled d where d.state = 'refused'
on conflict (job_id) do nothing`;
