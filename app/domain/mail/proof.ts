import { database } from "~/platform/orm";
import type { MailContents } from "./messages";
import type { ClaimedMail } from "./send";

/** Begins the keys of mail that asks whether an address is its reader's. */
export const PROOF_KEY = "verification";

/**
 * Makes what such a mail says when it is sent, with what proves that somebody reads it.
 *
 * @returns null when there is nothing to prove any more
 */
export type ProofComposer = (mail: { userId: string }) => Promise<MailContents | null>;

/**
 * A claimed mail as it is sent: of one that asks for a proof the mailbox has a copy without it. Null
 * when there is nothing to prove any more; the mail is then in the mailbox only.
 */
export async function completeMail(
  mail: ClaimedMail,
  { composeProof }: { composeProof: ProofComposer },
): Promise<ClaimedMail | null> {
  if (!mail.dedupeKey.startsWith(`${PROOF_KEY}:`)) return mail;
  const proof = await composeProof(mail);
  if (proof) return { ...mail, subject: proof.subject, body: proof.text, html: proof.html };
  await database().execute("delete from mail_delivery where mail_id = ? and attempts = ?", [
    mail.mailId,
    mail.attempt,
  ]);
  return null;
}
