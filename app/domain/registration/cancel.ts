import { type Actor, requireRoleFor } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { findOwn, freeWithOthers, type NotFreed, type Own } from "./free-together";
import { ownCommitsEnd } from "./lock";

export type CancelResult = { status: "cancelled" } | NotFreed;

/**
 * Cancels a participant's own registration: a seat until registration closes, a place in line until the
 * start, and longer where registration is still open then. A seat goes to the first in line, if anybody
 * waits, before anybody else can have it. A repeat finds nothing to cancel.
 *
 * @param only what may be given up: who leaves the line keeps the seat that they were given meanwhile
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
  // Before the lock: else requests of people who have no seat would make everybody's wait.
  const early = await findOwnSoon(own);
  if (early.status !== "found") return early;
  return freeWithOthers(own);
}

/** Their registration may be being committed at this moment. */
async function findOwnSoon(own: Own) {
  const found = await findOwn(own);
  if (found.status !== "not_found") return found;
  await ownCommitsEnd(own.userId);
  return findOwn(own);
}
