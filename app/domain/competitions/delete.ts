import { raw } from "@mikro-orm/core";
import type { Actor } from "~/domain/access";
import { orderDeletionMail, syncAfterChange } from "~/domain/registration/index.server";
import { changeUnderLock, findRefusal, type NotAllowed } from "./change-own";
import { OVER_AT_SQL } from "./conditions.sql";
import { Competition } from "./tables";

/**
 * Deletes a competition softly: nobody can see it any more, its rows stay, and everybody with a seat or
 * in line is told by mail, unless they heard of its cancellation, or it is over.
 *
 * @param ifVersions what the actor saw: any other version is not deleted but an `edit_conflict`
 */
export async function deleteCompetition({
  actor,
  id: competitionId,
  ifVersions,
}: {
  actor: Actor;
  id: string;
  ifVersions?: number[];
}): Promise<{ status: "deleted" | "edit_conflict" } | NotAllowed> {
  const asked = { actor, action: "delete competition", competitionId } as const;
  const refusal = await findRefusal(asked);
  if (refusal) return refusal;
  const outcome = await changeUnderLock(asked, async (em) => {
    const competition = await em.findOneOrFail(Competition, { id: competitionId });
    if (ifVersions && !ifVersions.includes(competition.version)) {
      return { status: "edit_conflict" as const };
    }
    await em.nativeUpdate(
      Competition,
      { id: competitionId },
      { deletedAt: raw("clock_timestamp()"), updatedAt: raw("clock_timestamp()") },
    );
    const [now] = await em.execute<{ over: boolean | null }[]>(
      `select ${OVER_AT_SQL} <= clock_timestamp() as over from competition c where c.id = ?`,
      [competitionId],
    );
    if (!competition.cancelledAt && !now?.over) await orderDeletionMail(em, competitionId);
    return { status: "deleted" as const };
  });
  if (outcome.status === "deleted") await syncAfterChange(competitionId);
  return outcome;
}
