import { type Actor, requireRoleFor } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { findPlaceInLine, type Place } from "./place";

/** What somebody has in a competition at this moment. */
export interface Standing {
  status: "CONFIRMED" | "WAITLISTED";
  seatNo: number | null;
  waitlist: (Place & { joinedAt: Date }) | null;
}

/**
 * The seat or the place in line of a participant, or null when they have neither.
 *
 * @throws DomainError `forbidden` for anybody but a participant
 */
export async function findOwnStanding({
  actor,
  competitionId,
}: {
  actor: Actor;
  competitionId: string;
}): Promise<Standing | null> {
  requireRoleFor({ actor, action: "read own registration" });
  if (!isUuid(competitionId)) return null;
  const [row]: StandingRow[] = await database().execute(FIND, [competitionId, actor.id]);
  if (!row) return null;
  if (row.seat_no !== null) return { status: "CONFIRMED", seatNo: row.seat_no, waitlist: null };
  const place = await findPlaceInLine({
    competitionId,
    userId: actor.id,
    registrationId: row.id,
    lineNo: row.line_no,
  });
  const joinedAt = new Date(row.registered_at);
  return { status: "WAITLISTED", seatNo: null, waitlist: { ...place, joinedAt } };
}

interface StandingRow {
  id: string;
  seat_no: number | null;
  line_no: number;
  registered_at: string;
}

const FIND = `
select r.id, r.seat_no, r.line_no, r.registered_at
from registration r join competition c on c.id = r.competition_id and c.deleted_at is null
where r.competition_id = ? and r.user_id = ? and r.status <> 'CANCELLED'`;
