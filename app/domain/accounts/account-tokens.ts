import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { database } from "~/platform/orm";
import type { AccountToken } from "./tables";

type Purpose = AccountToken["purpose"];

/** How long a link works, in hours. */
export const LINK_HOURS = 24;

/** How often a code may be mistyped before only its link still works. */
export const MOST_ATTEMPTS = 5;

/**
 * Makes what a mail carries to prove who reads it: a token for its link, and a code to type. Both are
 * known to that mail only; a mail that is tried again gets new ones, and those before still work.
 */
export async function issueAccountToken({
  userId,
  email,
  purpose,
}: {
  userId: string;
  email: string;
  purpose: Purpose;
}): Promise<{ token: string; code: string }> {
  const id = randomUUID();
  const token = randomBytes(32).toString("base64url");
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  await database().execute(
    `insert into account_token (id, user_id, purpose, hash, code_hash, email, expires_at)
     values (?, ?, ?, ?, ?, ?, now() + make_interval(hours => ?))`,
    [id, userId, purpose, hashOfToken(token), hashOfCode(id, code), email, LINK_HOURS],
  );
  return { token, code };
}

/** How the database knows a token, or null for what cannot be one. */
export function findHash(token: string): string | null {
  return /^[\w-]{43}$/.test(token) ? hashOfToken(token) : null;
}

/** A code as it is compared, however it was typed; null for what cannot be one. */
export function findCode(typed: string): string | null {
  const code = typed.replace(/[\s-]/g, "");
  return /^\d{6}$/.test(code) ? code : null;
}

/** By its row, so that nobody prepares a list of a million. */
export function hashOfCode(id: string, code: string): string {
  return sha256(`${id}:${code}`);
}

function hashOfToken(token: string): string {
  return sha256(token);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** How long a link that ran out, or was used, still says so, in days. */
const KEPT_DAYS = 30;

/** A statement's share. */
const SWEPT_AT_ONCE = 5_000;

/** Deletes a share of the tokens that ran out long ago. */
export async function forgetAccountTokens(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from account_token where id in (
       select id from account_token where expires_at < now() - make_interval(days => ?)
        order by expires_at limit ?)
     returning 1`,
    [KEPT_DAYS, SWEPT_AT_ONCE],
  );
  return { forgotten: rows.length };
}
