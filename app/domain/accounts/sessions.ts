import { randomBytes } from "node:crypto";
import { inBatches } from "~/platform/batch";
import { now } from "~/platform/clock";
import { verifiesEmail } from "~/platform/env";
import { isUuid } from "~/platform/ids";
import { database, executePrepared } from "~/platform/orm";
import { Session } from "./tables";
import { toUserView, type UserView } from "./users";

/** How long a browser stays signed in, in seconds: two weeks. */
export const SESSION_SECONDS = 14 * 24 * 3600;

/** Signs a browser in. */
export async function startSession({
  userId,
}: {
  userId: string;
}): Promise<{ sessionId: string; expiresAt: Date }> {
  const session = {
    id: newSessionId(),
    user: userId,
    expiresAt: new Date(now().getTime() + SESSION_SECONDS * 1000),
  };
  await database().insert(Session, session);
  return { sessionId: session.id, expiresAt: session.expiresAt };
}

/** 128 random bits, written as a uuid. A real one has six bits that everybody knows. */
function newSessionId(): string {
  const hex = randomBytes(16).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Who is signed in, as the pages need to know them. */
export interface SessionUser extends UserView {
  /** Whether mail goes to their address: it is confirmed, or nobody asks for that. */
  isVerified: boolean;
}

/** Whose session this is, or null when it ran out, was ended or never was. */
export async function findSessionUser(sessionId: string): Promise<SessionUser | null> {
  return isUuid(sessionId) ? findOnce(sessionId) : null;
}

/** The most sessions one query asks for. */
const ASKED_AT_ONCE = 200;

const FIND = `
select s.id as session_id, u.id, u.email, u.name, u.role, u.verified_at is not null as verified
  from session s join "user" u on u.id = s.user_id
 where s.id = any(?::uuid[]) and s.expires_at > ?`;

/**
 * Calls that arrive while a query is running share the next one: everybody who opens a page asks this.
 * None is answered by a query that was sent before it came.
 */
const findOnce = inBatches<string, SessionUser | null>({
  most: ASKED_AT_ONCE,
  inFlight: 1,
  async run(ids) {
    const rows = await executePrepared<UserView & { session_id: string; verified: boolean }>(
      database(),
      FIND,
      [`{${ids}}`, now().toISOString()],
    );
    const found = new Map(rows.map((row) => [row.session_id, row]));
    return ids.map((id) => {
      const row = found.get(id);
      return row ? { ...toUserView(row), isVerified: !verifiesEmail() || row.verified } : null;
    });
  },
});

/** Signs a browser out. Nothing happens when it was signed out already. */
export async function endSession(sessionId: string): Promise<void> {
  if (isUuid(sessionId)) await database().nativeDelete(Session, { id: sessionId });
}

/** A statement's share. */
const SWEPT_AT_ONCE = 5_000;

/** Forgets a share of the sessions that ran out. */
export async function sweepSessions(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from session where id in (
       select id from session where expires_at <= ? order by expires_at limit ?)
     returning 1`,
    [now(), SWEPT_AT_ONCE],
  );
  return { forgotten: rows.length };
}
