import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import type { MailMessage } from "./messages";

/** How a mail begins: `none` is for the mailbox only, `queued` is also to leave by SMTP. */
export type FirstState = "none" | "queued" | "waits_for_verification";

/** What counts of the person to whom a mail goes. */
export interface Recipient {
  /** Mails of this kind that they got within a day. */
  mailsOfDay: number;
}

/**
 * Says whether a mail is to leave by SMTP, beside the mailbox. The one place that decides it.
 *
 * Beyond `MAIL_PER_DAY` mails of a kind the rest is for the mailbox only: nothing that is due gets
 * lost, and no loop fills anybody's inbox.
 */
export function deliveryOf({ recipient }: { mail: MailMessage; recipient: Recipient }): FirstState {
  const { SMTP_URL, RATE_LIMITS, MAIL_PER_DAY } = env();
  if (!SMTP_URL) return "none";
  if (RATE_LIMITS === "on" && recipient.mailsOfDay >= MAIL_PER_DAY) return "none";
  return "queued";
}

/** Mails that are written at the same moment do not see each other: a few more may go. */
export async function findRecipient({
  mail,
  dedupeKey,
}: {
  mail: MailMessage;
  dedupeKey: string;
}): Promise<Recipient> {
  if (!env().SMTP_URL) return { mailsOfDay: 0 };
  const [found] = await database().execute<Recipient[]>(
    `select count(*)::int as "mailsOfDay" from mail_box
      where user_id = ? and sent_at > now() - interval '1 day'
        and split_part(dedupe_key, ':', 1) = split_part(?, ':', 1)`,
    [mail.userId, dedupeKey],
  );
  return found ?? { mailsOfDay: 0 };
}
