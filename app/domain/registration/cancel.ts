import { failpoint } from "~/platform/failpoint";
import { isUuid } from "~/platform/ids";
import { transaction } from "./commit";
import { lockCompetition } from "./lock";
import { cancelSeat } from "./seats/release";

export type CancelResult = { status: "cancelled" | "not_found" | "deadline_passed" };

/**
 * Cancels a participant's own registration, until registration closes, and frees its seat. A repeat
 * finds nothing to cancel.
 */
export async function cancelRegistration({
  userId,
  competitionId,
}: {
  userId: string;
  competitionId: string;
}): Promise<CancelResult> {
  if (!isUuid(competitionId)) return { status: "not_found" };
  const cancelled = await transaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "exclusive" });
    const [row] = await em.execute<{ id: string; closed: boolean }[]>(FIND, [
      competitionId,
      userId,
    ]);
    if (!row) return { status: "not_found" as const };
    if (row.closed) return { status: "deadline_passed" as const };
    await em.execute(
      "update registration set status = 'CANCELLED', seat_no = null, updated_at = now() where id = ?",
      [row.id],
    );
    return { status: "cancelled" as const, registrationId: row.id };
  });
  if (cancelled.status !== "cancelled") return cancelled;
  await failpoint("cancel-after-commit");
  await cancelSeat({ competitionId, userId, registrationId: cancelled.registrationId });
  return { status: "cancelled" };
}

const FIND = `
select r.id, c.reg_deadline <= now() as closed
from registration r join competition c on c.id = r.competition_id
where r.competition_id = ? and r.user_id = ? and r.status <> 'CANCELLED' and c.deleted_at is null`;
