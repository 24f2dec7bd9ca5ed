import { createHash, randomBytes } from "node:crypto";
import { type Actor, isRoleFor, requireRoleFor } from "~/domain/access";
import { database } from "~/platform/orm";

/**
 * Makes a new address for a participant's calendar: its secret, which only they are told, and only
 * now. The address before it opens nothing any more.
 *
 * @throws DomainError `forbidden` for anybody but a participant
 */
export async function renewCalendarSecret({ actor }: { actor: Actor }): Promise<string> {
  requireRoleFor({ actor, action: "share own calendar" });
  const secret = randomBytes(32).toString("base64url");
  await database().execute(
    `insert into calendar_feed (user_id, secret_hash) values (?, ?)
     on conflict (user_id) do update set secret_hash = excluded.secret_hash, created_at = now()`,
    [actor.id, hashOf(secret)],
  );
  return secret;
}

/** Closes the address of a participant's calendar, if there is one. */
export async function endCalendar({ actor }: { actor: Actor }): Promise<void> {
  requireRoleFor({ actor, action: "share own calendar" });
  await database().execute("delete from calendar_feed where user_id = ?", [actor.id]);
}

/**
 * Since when a participant's calendar has its address; null where it has none.
 *
 * @param secret something that may be the address's
 */
export async function findOwnCalendar({
  actor,
  secret,
}: {
  actor: Actor;
  secret: string | null;
}): Promise<{ since: Date; isSecret: boolean } | null> {
  requireRoleFor({ actor, action: "share own calendar" });
  const [row] = await database().execute<{ since: string; hash: string }[]>(
    "select created_at as since, secret_hash as hash from calendar_feed where user_id = ?",
    [actor.id],
  );
  if (!row) return null;
  return { since: new Date(row.since), isSecret: secret !== null && hashOf(secret) === row.hash };
}

/** Whose calendar a secret opens, as the database has them now; null for any other text. */
export async function findCalendarOwner({ secret }: { secret: string }): Promise<Actor | null> {
  if (!/^[\w-]{43}$/.test(secret)) return null;
  const [actor] = await database().execute<Actor[]>(
    `select u.id, u.role from calendar_feed f join "user" u on u.id = f.user_id
      where f.secret_hash = ?`,
    [hashOf(secret)],
  );
  return actor && isRoleFor({ actor, action: "share own calendar" }) ? actor : null;
}

/** 32 random bytes need no salt and no slow digest. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
