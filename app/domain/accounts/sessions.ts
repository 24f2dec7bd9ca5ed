import { randomUUID } from "node:crypto";
import { now } from "~/platform/clock";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
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
    id: randomUUID(),
    user: userId,
    expiresAt: new Date(now().getTime() + SESSION_SECONDS * 1000),
  };
  await database().insert(Session, session);
  return { sessionId: session.id, expiresAt: session.expiresAt };
}

/** Whose session this is, or null when it ran out, was ended or never was. */
export async function findSessionUser(sessionId: string): Promise<UserView | null> {
  if (!isUuid(sessionId)) return null;
  const session = await database().findOne(
    Session,
    { id: sessionId, expiresAt: { $gt: now() } },
    { populate: ["user"], strategy: "joined" },
  );
  return session ? toUserView(session.user.getEntity()) : null;
}

/** Signs a browser out. Nothing happens when it was signed out already. */
export async function endSession(sessionId: string): Promise<void> {
  if (isUuid(sessionId)) await database().nativeDelete(Session, { id: sessionId });
}

/** Forgets every session that ran out, and says how many there were. */
export function sweepSessions(): Promise<number> {
  return database().nativeDelete(Session, { expiresAt: { $lte: now() } });
}
