import type { EntityManager } from "@mikro-orm/postgresql";
import type { Actor } from "~/domain/access";
import { releaseMail } from "~/domain/mail/index.server";
import { database, inTransaction } from "~/platform/orm";
import { findCode, findHash, hashOfCode, MOST_ATTEMPTS } from "./account-tokens";

/** What became of a press on a mail's link. Confirming twice is no mistake: mails are read twice. */
export type Verification = { status: "verified" | "already_verified" | "invalid" };

/**
 * Confirms the address that a link was sent to; whoever holds the link need not be signed in. In the
 * same transaction the mail that waited for this is let go.
 */
export async function verifyEmail({ token }: { token: string }): Promise<Verification> {
  const hash = findHash(token);
  if (!hash) return { status: "invalid" };
  return inTransaction(async (em) => {
    const found = await findLink(em, hash, "for no key update of u");
    if (!found) return { status: "invalid" };
    if (found.done) return { status: "already_verified" };
    if (!found.open) return { status: "invalid" };
    await confirm(em, found);
    return { status: "verified" };
  });
}

/** What a press on a link would do, for the page that shows the button. Changes nothing. */
export async function lookAtLink({
  token,
}: {
  token: string;
}): Promise<{ status: "open" | "already_verified"; email: string } | { status: "invalid" }> {
  const hash = findHash(token);
  const found = hash && (await findLink(database(), hash));
  if (!found || (!found.done && !found.open)) return { status: "invalid" };
  return { status: found.done ? "already_verified" : "open", email: found.email };
}

/**
 * Confirms the actor's own address with the code of the mail, for readers whose mail program breaks
 * links. Each of the codes that are open is good for five mistakes.
 */
export async function verifyEmailByCode({
  actor,
  code: typed,
}: {
  actor: Actor;
  code: string;
}): Promise<{ status: "verified" | "already_verified" | "wrong_code" }> {
  return inTransaction(async (em) => {
    const [user] = await em.execute<{ done: boolean }[]>(
      `select verified_at is not null as done from "user" where id = ? for no key update`,
      [actor.id],
    );
    if (user?.done) return { status: "already_verified" };
    const code = findCode(typed);
    // A slip of the finger is no guess.
    if (!code) return { status: "wrong_code" };
    const tried: { id: string; code_hash: string }[] = await em.execute(TRY_CODES, [
      actor.id,
      MOST_ATTEMPTS,
    ]);
    const right = tried.find(({ id, code_hash }) => code_hash === hashOfCode(id, code));
    if (!right) return { status: "wrong_code" };
    await confirm(em, { id: right.id, user_id: actor.id });
    return { status: "verified" };
  });
}

/** Counted before it is compared, in the row that the transaction holds: many at once count as many. */
const TRY_CODES = `
update account_token t set attempts = attempts + 1
  from "user" u
 where u.id = t.user_id and u.email = t.email and t.user_id = ? and t.purpose = 'verify_email'
   and t.used_at is null and t.expires_at > now() and t.attempts < ?
returning t.id, t.code_hash`;

interface Link {
  id: string;
  user_id: string;
  email: string;
  /** Whether the address is confirmed. */
  done: boolean;
  /** Whether the link can still do that. */
  open: boolean;
}

async function findLink(em: EntityManager, hash: string, lock = ""): Promise<Link | undefined> {
  const [found] = await em.execute<Link[]>(
    `select t.id, t.user_id, t.email, u.verified_at is not null as done,
            t.used_at is null and t.expires_at > now() as open
       from account_token t join "user" u on u.id = t.user_id and u.email = t.email
      where t.hash = ? and t.purpose = 'verify_email' ${lock}`,
    [hash],
  );
  return found;
}

async function confirm(em: EntityManager, link: Pick<Link, "id" | "user_id">): Promise<void> {
  await em.execute("update account_token set used_at = now() where id = ?", [link.id]);
  await em.execute(`update "user" set verified_at = now(), updated_at = now() where id = ?`, [
    link.user_id,
  ]);
  await releaseMail(em, { userId: link.user_id });
}
