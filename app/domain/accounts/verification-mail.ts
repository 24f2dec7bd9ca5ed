import { randomUUID } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import * as z from "zod";
import type { Actor } from "~/domain/access";
import {
  type MailContents,
  type MailMessage,
  orderMail,
  PROOF_KEY,
  renderMail,
} from "~/domain/mail/index.server";
import { inBatches } from "~/platform/batch";
import { publicUrl, verifiesEmail } from "~/platform/env";
import { database, inTransaction } from "~/platform/orm";
import { issueAccountToken, LINK_HOURS } from "./account-tokens";

/** Orders the mail by which somebody proves that an address is theirs. */
export async function orderVerification(em: EntityManager, userId: string): Promise<void> {
  const dedupeKey = `${PROOF_KEY}:${userId}:${randomUUID()}`;
  await orderMail(em, [{ dedupeKey, kind: "account.verification", payload: { userId } }]);
}

/** Orders it once more, unless there is nothing left to prove. How often one may is the caller's. */
export async function sendVerificationAgain({
  actor,
}: {
  actor: Actor;
}): Promise<{ status: "ordered" | "already_verified" }> {
  if (!(await findUnverified(actor.id))) return { status: "already_verified" };
  await inTransaction((em) => orderVerification(em, actor.id));
  return { status: "ordered" };
}

const payloadSchema = z.object({ userId: z.guid() });

/**
 * The one mail that goes to an address before it is confirmed, as the mailbox shows it: without what
 * proves that somebody reads mail at that address, since whoever signed up reads the mailbox.
 *
 * @returns null when there is nothing to prove any more
 */
export async function composeVerification(payload: unknown): Promise<MailMessage | null> {
  const { userId } = payloadSchema.parse(payload);
  const user = await findUnverified(userId);
  if (!user) return null;
  const copy = render({ url: pageUrl(), code: "(in the email that was sent)" });
  return { userId, to: user.email, isProof: true, ...copy };
}

/**
 * The same mail as it is sent, with a link and a code that only its readers know. Made anew for each
 * attempt, so that they are stored nowhere; whatever arrives works.
 *
 * @returns null when there is nothing to prove any more
 */
export async function composeProof(mail: { userId: string }): Promise<MailContents | null> {
  const { userId } = mail;
  const user = await findUnverified(userId);
  if (!user) return null;
  const { email } = user;
  const { token, code } = await issueAccountToken({ userId, email, purpose: "verify_email" });
  return render({
    url: `${pageUrl()}?token=${token}`,
    code: `${code.slice(0, 3)} ${code.slice(3)}`,
  });
}

/** Somebody who signs up chooses who gets this mail, so it contains none of their words. */
function render({ url, code }: { url: string; code: string }): MailContents {
  return renderMail({
    subject: "Confirm your email address",
    heading: "Is this your address?",
    paragraphs: [
      "Somebody created an account at Mini Compete with this address. If that was you, open the page below and press the button there. From then on, your mail comes here.",
      "If it was not you, do nothing. We send nothing else to an address that nobody has confirmed.",
    ],
    details: [
      ["Or type this code", code],
      ["Both work for", `${LINK_HOURS} hours`],
    ],
    action: { label: "Confirm your address", url },
  });
}

function pageUrl(): string {
  return `${publicUrl()}/verify-email`;
}

async function findUnverified(userId: string): Promise<{ email: string } | undefined> {
  return verifiesEmail() ? lookUpUnverified(userId) : undefined;
}

const lookUpUnverified = inBatches<string, { email: string } | undefined>({
  most: 100,
  async run(ids) {
    const users: { id: string; email: string }[] = await database().execute(
      `select id, email from "user" where id = any(?::uuid[]) and verified_at is null`,
      [`{${ids.join(",")}}`],
    );
    const found = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => found.get(id.toLowerCase()));
  },
});
