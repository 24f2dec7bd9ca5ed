import { hasNext } from "~/domain/competitions/index.server";
import { findRegistration } from "~/domain/registration/index.server";
import { findUserOf, isForSomebody } from "./sessions";
import type { Visitor } from "./stand-in";

/** Finds out who asks, by their cookies. @param competitionId which one the page is about */
export async function findVisitor({
  cookies,
  competitionId,
}: {
  cookies: string | undefined;
  competitionId: string | undefined;
}): Promise<Visitor> {
  if (!isForSomebody(cookies)) return { sees: "what nobody sees" };
  const lookup = findUserOf(cookies ?? null);
  const own = { sees: "a page of their own", user: lookup } as const;
  // Who cannot be looked up is told so by the page.
  const user = await lookup.catch(() => null);
  if (user?.role !== "PARTICIPANT" || !user.isVerified || /flash=/.test(cookies ?? "")) return own;
  const seat = competitionId
    ? await findRegistration({ userId: user.id, competitionId }).catch(() => "unknown")
    : (await hasNext(user).catch(() => true)) || null;
  if (seat !== null) return own;
  const { id, name } = user;
  return { sees: "what participants see", user: Promise.resolve(user), id, name };
}
