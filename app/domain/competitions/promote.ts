import type { Actor } from "~/domain/access";
import {
  type PromotedPerson,
  promoteByHand,
  syncAfterChange,
} from "~/domain/registration/index.server";
import { changeUnderLock, findRefusal, type NotAllowed } from "./change-own";

export type PromoteOutcome =
  | { status: "promoted"; people: PromotedPerson[] }
  /** Until the deadline, free seats go to the first in line automatically. */
  | { status: "still_open" }
  | { status: "competition_cancelled" }
  | NotAllowed;

/**
 * Gives free seats to the first in line after the deadline, as the organizer asks. Nobody is promoted if
 * nobody waits or no seat is free.
 *
 * @param count the most people
 */
export async function promoteFromLine({
  actor,
  id: competitionId,
  count,
}: {
  actor: Actor;
  id: string;
  count: number;
}): Promise<PromoteOutcome> {
  const asked = { actor, action: "promote from line", competitionId } as const;
  const refusal = await findRefusal(asked);
  if (refusal) return refusal;
  const outcome = await changeUnderLock(asked, async (em): Promise<PromoteOutcome> => {
    const [now] = await em.execute<{ cancelled: boolean; open: boolean }[]>(
      `select cancelled_at is not null as cancelled, reg_deadline > clock_timestamp() as open
         from competition where id = ?`,
      [competitionId],
    );
    if (now?.cancelled) return { status: "competition_cancelled" };
    if (now?.open) return { status: "still_open" };
    const people = await promoteByHand(em, { competitionId, count });
    return { status: "promoted", people };
  });
  if (outcome.status === "promoted") await syncAfterChange(competitionId);
  return outcome;
}
