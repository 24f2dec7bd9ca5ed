import { raw } from "@mikro-orm/core";
import type { Actor } from "~/domain/access";
import { orderCancellationMail, syncAfterChange } from "~/domain/registration/index.server";
import { changeUnderLock, findRefusal, type NotAllowed } from "./change-own";
import { findCompetition } from "./find";
import { Competition } from "./tables";
import type { CompetitionView } from "./view";

export type CancelOutcome =
  | { status: "cancelled"; competition: CompetitionView }
  /** A draft is known to nobody: there is nothing to call off. */
  | { status: "draft" | "edit_conflict" }
  | NotAllowed;

/**
 * Calls a competition off for good. Its page stays as a notice, everybody with a seat or in line is told
 * by mail, once, and registrations stay as they are: nobody gets one any more once this has committed,
 * and nobody is promoted. A repeat changes nothing, the message included.
 *
 * @param message what everybody is told, in the organizer's words
 * @param ifVersions what the actor saw: any other version is not cancelled but an `edit_conflict`
 */
export async function cancelCompetition({
  actor,
  id: competitionId,
  message = null,
  ifVersions,
}: {
  actor: Actor;
  id: string;
  message?: string | null;
  ifVersions?: number[];
}): Promise<CancelOutcome> {
  const asked = { actor, action: "cancel competition", competitionId } as const;
  const refusal = await findRefusal(asked);
  if (refusal) return refusal;
  const outcome = await changeUnderLock(asked, async (em) => {
    const now = await em.findOneOrFail(Competition, { id: competitionId });
    if (now.cancelledAt) return { status: "cancelled" as const };
    if (!now.publishedAt) return { status: "draft" as const };
    if (ifVersions && !ifVersions.includes(now.version)) {
      return { status: "edit_conflict" as const };
    }
    const at = raw("clock_timestamp()");
    await em.nativeUpdate(
      Competition,
      { id: competitionId },
      {
        ...{ cancelledAt: at, cancelMessage: message, updatedAt: at },
        version: now.version + 1,
        // Calendars hear of it as of any other change.
        calendarSequence: now.calendarSequence + 1,
      },
    );
    await orderCancellationMail(em, competitionId);
    return { status: "cancelled" as const };
  });
  if (outcome.status !== "cancelled") return outcome;
  await syncAfterChange(competitionId);
  const competition = await findCompetition({ id: competitionId });
  return competition ? { status: "cancelled", competition } : { status: "not_found" };
}
