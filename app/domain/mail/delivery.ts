import type { EntityManager } from "@mikro-orm/postgresql";
import { inBatches } from "~/platform/batch";
import { env, verifiesEmail } from "~/platform/env";
import { database } from "~/platform/orm";
import type { MailMessage } from "./messages";

/** Mails that share a statement and its commit, which cost as much as some mails do. */
export const MAILS_AT_ONCE = 250;

/** How a mail begins: `none` is for the mailbox only, `queued` is also to leave by SMTP. */
export type FirstState = "none" | "queued" | "waits_for_verification";

/** What counts of the person to whom a mail goes. */
export interface Recipient {
  /** Mails of this kind that they got within a day. */
  mailsOfDay: number;
  /** Whether they have proved that the address is theirs. */
  isVerified: boolean;
}

/**
 * Says whether a mail is to leave by SMTP, beside the mailbox. The one place that decides it.
 *
 * Beyond `MAIL_PER_DAY` mails of a kind the rest is for the mailbox only: nothing that is due gets
 * lost, and no loop fills anybody's inbox. To an address that nobody has proved to be theirs goes
 * the mail that asks for that proof; the rest waits for it.
 */
export function deliveryOf({
  mail,
  recipient,
}: {
  mail: Pick<MailMessage, "isProof">;
  recipient: Recipient;
}): FirstState {
  const { SMTP_URL, RATE_LIMITS, MAIL_PER_DAY } = env();
  if (!SMTP_URL) return "none";
  if (RATE_LIMITS === "on" && recipient.mailsOfDay >= MAIL_PER_DAY) return "none";
  if (verifiesEmail() && !recipient.isVerified && !mail.isProof) return "waits_for_verification";
  return "queued";
}

/** Mails that are written at the same moment do not see each other: a few more may go. */
export async function findRecipient(
  order: { dedupe_key: string },
  mail: Pick<MailMessage, "userId">,
): Promise<Recipient> {
  const nobody = { mailsOfDay: 0, isVerified: false };
  if (!env().SMTP_URL) return nobody;
  const [kind = ""] = order.dedupe_key.split(":");
  return (await lookUpRecipient({ userId: mail.userId, kind })) ?? nobody;
}

const lookUpRecipient = inBatches<{ userId: string; kind: string }, Recipient | undefined>({
  most: MAILS_AT_ONCE,
  async run(asked) {
    const rows: (Recipient & { n: number })[] = await database().execute(
      `select n, verified_at is not null as "isVerified",
              (select count(*)::int from mail_box m
                where m.user_id = u.id and sent_at > now() - interval '1 day'
                  and split_part(dedupe_key, ':', 1) = kind) as "mailsOfDay"
         from json_to_recordset(?::json) as i(n int, "userId" uuid, kind text)
         join "user" u on u.id = "userId"`,
      [JSON.stringify(asked.map((one, n) => ({ ...one, n })))],
    );
    const found = new Map(rows.map(({ n, ...recipient }) => [n, recipient]));
    return asked.map((_, index) => found.get(index));
  },
});

/**
 * Queues mail for SMTP, as a part of the statement whose `written` mail is of its `input`. Who proves
 * their address at this very moment does it before or after, so that no mail is left behind waiting.
 */
export const QUEUE_FOR_SMTP_SQL = `reader as (
  select id, verified_at is not null as verified from "user"
   where id in (select user_id from input where state = 'waits_for_verification') for share
), queued as (
  insert into mail_delivery (mail_id, state)
  select id, case when (select verified from reader r where r.id = i.user_id) then 'queued' else state end
    from input i join written using (id) where state <> 'none'
)`;

/**
 * Lets go the mail that waited for its reader to prove their address, in the transaction in which
 * they do. What would have been given up by now tells nothing new, and stays in the mailbox. The rest
 * leaves in the order in which it was written, and all of it: a confirmation comes before the word that
 * it was cancelled.
 */
export async function releaseMail(
  em: EntityManager,
  { userId }: { userId: string },
): Promise<void> {
  await em.execute(
    `update mail_delivery d set state = 'queued', queued_at = now(), changed_at = now()
       from mail_box m
      where m.id = d.mail_id and m.user_id = ? and d.state = 'waits_for_verification'
        and m.sent_at > now() - make_interval(hours => ?)`,
    [userId, env().SMTP_RETRY_HOURS],
  );
  await em.execute(
    `delete from mail_delivery d using mail_box m
      where m.id = d.mail_id and m.user_id = ? and d.state = 'waits_for_verification'`,
    [userId],
  );
}
