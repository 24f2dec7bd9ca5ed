import { raw } from "@mikro-orm/core";
import type { Actor } from "~/domain/access";
import { syncAfterChange } from "~/domain/registration/index.server";
import { changeUnderLock, findRefusal, type NotAllowed } from "./change-own";
import { Competition } from "./tables";

/**
 * Closes registration now, by the database's clock: the deadline becomes this moment, or, if registration
 * opens at this very moment, the next one. A later deadline opens it again.
 */
export async function closeRegistration({
  actor,
  id: competitionId,
}: {
  actor: Actor;
  id: string;
}): Promise<{ status: "closed" | "not_open" } | NotAllowed> {
  const asked = { actor, action: "edit competition", competitionId } as const;
  const refusal = await findRefusal(asked);
  if (refusal) return refusal;
  const outcome = await changeUnderLock(asked, async (em) => {
    const now = raw(NOW_SQL);
    const closed = await em.nativeUpdate(
      Competition,
      {
        ...{ id: competitionId, cancelledAt: null, publishedAt: { $ne: null } },
        // It cannot close before it opens.
        $and: [
          { regDeadline: { $gt: now } },
          { $or: [{ opensAt: null }, { opensAt: { $lte: now } }] },
        ],
      },
      { regDeadline: raw(CLOSED_AT_SQL), updatedAt: now },
    );
    return { status: closed === 1 ? ("closed" as const) : ("not_open" as const) };
  });
  if (outcome.status === "closed") await syncAfterChange(competitionId);
  return outcome;
}

/** SQL for this moment with the precision of the columns: with more, it could pass an opening that it equals. */
const NOW_SQL = "date_trunc('milliseconds', clock_timestamp())";

/** SQL for the first moment that can be a deadline: it is after the opening, never the same. */
const CLOSED_AT_SQL = `greatest(${NOW_SQL}, opens_at + interval '1 millisecond')`;
