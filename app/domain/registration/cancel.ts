import { type Actor, requireRoleFor } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { findOwn, freeWithOthers, type NotFreed, type Own } from "./free-together";
import { ownCommitsEnd } from "./lock";

export type CancelResult = { status: "cancelled" } | NotFreed;

/**
 * Cancels a participant's own registration: a seat until registration closes, a place in line until the
 * start, or longer while registration is open. If people wait, the first of them gets the seat before
 * anybody else can. A repeat finds nothing to cancel.
 *
 * @param only what may be given up: somebody who leaves the line keeps a seat they were just given
 * @throws DomainError `forbidden` for anybody but a participant
 */
export async function cancelRegistration({
  actor,
  competitionId,
  only,
}: {
  actor: Actor;
  competitionId: string;
  only?: Own["only"];
}): Promise<CancelResult> {
  requireRoleFor({ actor, action: "cancel own registration" });
  if (!isUuid(competitionId)) return { status: "not_found" };
  const own = { competitionId, userId: actor.id, only };
  // Before the lock: otherwise requests of people without a seat would make everybody wait.
  const early = await findOwnSoon(own);
  if (early.status !== "found") return early;
  return freeWithOthers(own);
}

/** Looks again when a commit under way has ended: it may be this user's registration. */
async function findOwnSoon(own: Own) {
  const found = await findOwn(own);
  if (found.status !== "not_found") return found;
  await ownCommitsEnd(own.userId);
  return findOwn(own);
}
