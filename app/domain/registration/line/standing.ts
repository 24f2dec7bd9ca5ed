import { type Actor, requireRoleFor } from "~/domain/access";
import { findRegistration } from "../queries";
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
  const held = await findRegistration({ userId: actor.id, competitionId });
  if (!held) return null;
  const { id: registrationId, seatNo, lineNo, since: joinedAt } = held;
  if (seatNo !== null) return { status: "CONFIRMED", seatNo, waitlist: null };
  const place = await findPlaceInLine({ competitionId, userId: actor.id, registrationId, lineNo });
  return { status: "WAITLISTED", seatNo, waitlist: { ...place, joinedAt } };
}
