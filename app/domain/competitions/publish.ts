import { raw } from "@mikro-orm/core";
import type { Actor } from "~/domain/access";
import { addSeats, syncAfterChange, whileFewChangeSeats } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { changeUnderLock, findRefusal, type NotAllowed } from "./change-own";
import { deadlinePassed } from "./create";
import { findCompetition } from "./find";
import { requireQuota } from "./quotas";
import { Competition } from "./tables";
import type { CompetitionView } from "./view";

export type PublishOutcome =
  | { status: "published"; competition: CompetitionView }
  | { status: "edit_conflict" | "competition_cancelled" }
  | NotAllowed;

/**
 * Publishes a draft: it gets its seats, and everybody can find it. What is published stays published, so a
 * repeat changes nothing.
 *
 * @param ifVersions what the actor saw: any other version is not published but an `edit_conflict`
 * @throws DomainError `validation_failed` when its deadline is not ahead, by the database's clock;
 *   `conflict` for more seats than the organizer's quota; `unavailable` as in `createCompetition`
 */
export async function publishCompetition({
  actor,
  id: competitionId,
  ifVersions,
}: {
  actor: Actor;
  id: string;
  ifVersions?: number[];
}): Promise<PublishOutcome> {
  const asked = { actor, action: "publish competition", competitionId } as const;
  const refusal = await findRefusal(asked);
  if (refusal) return refusal;
  const draft = await database().findOneOrFail(Competition, { id: competitionId });
  const seats = draft.publishedAt ? 0 : draft.capacity;
  const status = await whileFewChangeSeats({ seats, organizerId: actor.id }, async () => {
    const outcome = await changeUnderLock(asked, async (em) => {
      const now = await em.findOneOrFail(Competition, { id: competitionId });
      if (now.cancelledAt) return { status: "competition_cancelled" as const };
      if (now.publishedAt) return { status: "published" as const };
      if (ifVersions && !ifVersions.includes(now.version)) {
        return { status: "edit_conflict" as const };
      }
      const [clock] = await em.execute<{ closed: boolean }[]>(
        "select reg_deadline <= clock_timestamp() as closed from competition where id = ?",
        [competitionId],
      );
      if (clock?.closed) throw deadlinePassed();
      const organizerId = now.createdBy.id;
      await requireQuota(em, { organizerId, competitionId, seats: now.capacity, isNew: false });
      await addSeats(em, { competitionId, seats: now.capacity });
      const at = raw("clock_timestamp()");
      await em.nativeUpdate(
        Competition,
        { id: competitionId },
        { publishedAt: at, updatedAt: at, version: now.version + 1 },
      );
      return { status: "published" as const };
    });
    if (outcome.status === "published") await syncAfterChange(competitionId);
    return outcome;
  });
  if (status.status !== "published") return status;
  const competition = await findCompetition({ id: competitionId });
  return competition ? { status: "published", competition } : { status: "not_found" };
}
