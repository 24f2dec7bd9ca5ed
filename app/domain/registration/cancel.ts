import type { EntityManager } from "@mikro-orm/postgresql";
import { type Actor, requireRoleFor } from "~/domain/access";
import { failpoint } from "~/platform/failpoint";
import { isUuid } from "~/platform/ids";
import { dropKept } from "~/platform/kept";
import { database } from "~/platform/orm";
import { lockCompetition, ownCommitsEnd } from "./lock";
import { cancelSeat } from "./seats/release";
import { transaction } from "./transaction";

export type CancelResult = { status: "cancelled" | "not_found" | "deadline_passed" };

/**
 * Cancels a participant's own registration, until registration closes, and frees its seat. A repeat
 * finds nothing to cancel.
 *
 * @throws DomainError `forbidden` for anybody but a participant
 */
export async function cancelRegistration({
  actor,
  competitionId,
}: {
  actor: Actor;
  competitionId: string;
}): Promise<CancelResult> {
  requireRoleFor({ actor, action: "cancel own registration" });
  if (!isUuid(competitionId)) return { status: "not_found" };
  const own = { competitionId, userId: actor.id };
  await ownCommitsEnd(actor.id);
  // Before the lock: else requests of people who have no seat would make everybody's wait.
  const early = await findOwn(database(), own);
  if (early.status !== "found") return early;
  const cancelled = await transaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "exclusive" });
    const registration = await findOwn(em, own);
    if (registration.status !== "found") return registration;
    await em.execute(
      "update registration set status = 'CANCELLED', seat_no = null, updated_at = now() where id = ?",
      [registration.id],
    );
    return { status: "cancelled" as const, registrationId: registration.id };
  });
  if (cancelled.status !== "cancelled") return cancelled;
  // Who saw their seat go must not see it taken again a moment later.
  dropKept();
  await failpoint("cancel-after-commit");
  await cancelSeat({ competitionId, userId: actor.id, registrationId: cancelled.registrationId });
  return { status: "cancelled" };
}

interface Own {
  competitionId: string;
  userId: string;
}

async function findOwn(
  em: EntityManager,
  { competitionId, userId }: Own,
): Promise<{ status: "found"; id: string } | { status: "not_found" | "deadline_passed" }> {
  const [row] = await em.execute<{ id: string; closed: boolean }[]>(FIND, [competitionId, userId]);
  if (!row) return { status: "not_found" };
  if (row.closed) return { status: "deadline_passed" };
  return { status: "found", id: row.id };
}

const FIND = `
select r.id, c.reg_deadline <= now() as closed
from registration r join competition c on c.id = r.competition_id
where r.competition_id = ? and r.user_id = ? and r.status <> 'CANCELLED' and c.deleted_at is null`;
