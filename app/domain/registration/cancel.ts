import type { EntityManager } from "@mikro-orm/postgresql";
import { type Actor, requireRoleFor } from "~/domain/access";
import { orderMail } from "~/domain/mail/index.server";
import { failpoint } from "~/platform/failpoint";
import { isUuid } from "~/platform/ids";
import { dropKept } from "~/platform/kept";
import { database } from "~/platform/orm";
import { promote } from "./line/promote";
import { lockCompetition, ownCommitsEnd } from "./lock";
import { type Promoted, settleSeats } from "./seats/settle";
import { transaction } from "./transaction";

export type CancelResult = { status: "cancelled" } | NotFreed;

/** Of a competition that was called off nothing is given back: who had what stays as it was. */
type NotFreed = { status: "not_found" | "deadline_passed" | "competition_cancelled" };

/**
 * Cancels a participant's own registration: a seat until registration closes, a place in line until the
 * start, and longer where registration is still open then. A seat goes to the first in line, if anybody waits, before anybody else can have it. A repeat
 * finds nothing to cancel.
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
  only?: "seat" | "place";
}): Promise<CancelResult> {
  requireRoleFor({ actor, action: "cancel own registration" });
  if (!isUuid(competitionId)) return { status: "not_found" };
  const own = { competitionId, userId: actor.id, only };
  await ownCommitsEnd(actor.id);
  // Before the lock: else requests of people who have no seat would make everybody's wait.
  const early = await findOwn(database(), own);
  if (early.status !== "found") return early;
  const cancelled = await transaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "exclusive" });
    const registration = await findOwn(em, own);
    if (registration.status !== "found") return registration;
    return { status: "cancelled" as const, ...(await free(em, { competitionId, registration })) };
  });
  if (cancelled.status !== "cancelled") return cancelled;
  // Who saw their seat go must not see it taken again a moment later.
  dropKept();
  await failpoint("cancel-after-commit");
  const { registrationId, promoted } = cancelled;
  const left = [{ userId: actor.id, registrationId }];
  await settleSeats({ competitionId, left, promoted });
  return { status: "cancelled" };
}

async function free(
  em: EntityManager,
  { competitionId, registration }: { competitionId: string; registration: Found },
): Promise<{ registrationId: string; promoted: Promoted[] }> {
  const { id: registrationId, seatNo } = registration;
  await em.execute(
    "update registration set status = 'CANCELLED', seat_no = null, updated_at = now() where id = ?",
    [registrationId],
  );
  if (seatNo === null) return { registrationId, promoted: [] };
  const payload = { registrationId, seatNo: String(seatNo) };
  const dedupeKey = `given-back:${registrationId}`;
  await orderMail(em, [{ dedupeKey, kind: "registration.given_back", payload }]);
  return { registrationId, promoted: await promote(em, { competitionId, seats: [seatNo] }) };
}

interface Own {
  competitionId: string;
  userId: string;
  only: "seat" | "place" | undefined;
}

interface Found {
  status: "found";
  id: string;
  /** Null for a place in line. */
  seatNo: number | null;
}

async function findOwn(
  em: EntityManager,
  { competitionId, userId, only }: Own,
): Promise<Found | NotFreed> {
  const [row]: FoundRow[] = await em.execute(FIND, [competitionId, userId]);
  if (!row || only === (row.seat_no === null ? "seat" : "place")) return { status: "not_found" };
  if (row.cancelled) return { status: "competition_cancelled" };
  if (row.closed) return { status: "deadline_passed" };
  return { status: "found", id: row.id, seatNo: row.seat_no };
}

interface FoundRow {
  id: string;
  seat_no: number | null;
  cancelled: boolean;
  closed: boolean;
}

const FIND = `
select r.id, r.seat_no, c.cancelled_at is not null as cancelled, c.reg_deadline <= now()
    and (r.seat_no is not null or coalesce(c.start_date <= now(), false)) as closed
from registration r join competition c on c.id = r.competition_id
where r.competition_id = ? and r.user_id = ? and r.status <> 'CANCELLED' and c.deleted_at is null`;
