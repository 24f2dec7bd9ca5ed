import { raw } from "@mikro-orm/core";
import type { Actor } from "~/domain/access";
import { orderCancellationMail, syncAfterChange } from "~/domain/registration/index.server";
import { changeUnderLock, findRefusal, type NotAllowed } from "./change-own";
import { findCompetition } from "./find";
import { Competition } from "./tables";
import type { CompetitionView } from "./view";

export type CancelOutcome =
  | { status: "cancelled"; competition: CompetitionView }
  /** Nobody knows of a draft, so there is nothing to cancel. */
  | { status: "draft" | "edit_conflict" }
  | NotAllowed;

/**
 * Cancels a competition for good. Its page stays as a notice, and everybody with a seat or in line is told
 * by mail, once. Registrations stay as they are; once this has committed, nobody gets another one and
 * nobody is promoted. A repeat changes nothing, not even the message.
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
        // Calendars hear of this like of any other change.
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
