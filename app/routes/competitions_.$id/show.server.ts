import { randomUUID } from "node:crypto";
import { isRoleFor, judge } from "~/domain/access";
import type { UserView } from "~/domain/accounts/index.server";
import {
  type CompetitionView,
  findCompetition,
  isDeleted,
} from "~/domain/competitions/index.server";
import {
  findPlaceInLine,
  findRegistration,
  isLineOpen,
  placeInWords,
} from "~/domain/registration/index.server";
import {
  beforeOpening,
  gone,
  hasDeadline,
  markdownToHtml,
  notePageEnds,
  notFound,
  type StandIn,
  seatStateOf,
  shareOf,
  whereIs,
} from "~/web/index.server";
import type { Standing } from "./standing";

/**
 * A competition as its visitor sees it, and where they stand.
 *
 * @throws Response 404, or 410 where it was deleted
 */
export async function showCompetition(options: {
  id: string;
  user: UserView | null;
  request: Request;
  leaving: string | null;
  /** Whom the page is made for, where that is nobody there is. */
  standIn?: StandIn | undefined;
}) {
  const { id, user, request, standIn } = options;
  const [competition, held] = await Promise.all([
    findCompetition({ id, viewer: user }),
    user?.role === "PARTICIPANT" ? findHeld({ userId: user.id, competitionId: id }) : null,
  ]);
  if (!competition) throw (await isDeleted(id)) ? gone() : notFound();
  const standing: Standing = {
    viewer: viewerOf(user, competition),
    seat: null,
    place: null,
    ...held,
    leaving: options.leaving === "line" ? "line" : options.leaving ? "seat" : null,
    idempotencyKey: standIn?.idempotencyKey ?? randomUUID(),
  };
  notePageEnds(standIn, [competition]);
  const { title, description, tags, regDeadline, startDate, organizer } = competition;
  const { capacity, registrations, seatsLeft, waiting, opensAt, clock } = competition;
  const { status, cancelMessage } = competition;
  const state = seatStateOf(competition);
  return {
    competition: {
      id: competition.id,
      title,
      about: markdownToHtml(description),
      tags,
      regDeadline,
      hasDeadline: hasDeadline(competition),
      startDate,
      hasStarted: startDate !== null && startDate.getTime() <= clock.said,
      waitlistLimit: (await isLineOpen()) ? competition.waitlistLimit : 0,
      endsAt: competition.endsAt,
      timeZone: competition.timeZone,
      place: whereIs(competition.location),
      organizerId: organizer.id,
      organizerName: organizer.name,
      status,
      cancelMessage,
    },
    share: await shareOf(competition, { request, isOwner: standing.viewer === "owner" }),
    seats: { capacity, registrations, seatsLeft, waiting, state, opensAt },
    standing,
    ...beforeOpening(competition, standIn),
  };
}

/** Their seat, or where they stand in line; null for neither. */
async function findHeld(own: {
  userId: string;
  competitionId: string;
}): Promise<Pick<Standing, "seat"> | Pick<Standing, "place"> | null> {
  const held = await findRegistration(own);
  if (!held) return null;
  const { id: registrationId, seatNo, lineNo, since } = held;
  if (seatNo !== null) return { seat: { seatNo, since } };
  return { place: placeInWords(await findPlaceInLine({ ...own, registrationId, lineNo })) };
}

function viewerOf(user: UserView | null, competition: CompetitionView): Standing["viewer"] {
  if (!user) return "nobody";
  if (isRoleFor({ actor: user, action: "register" })) return "participant";
  const resource = { ownerId: competition.createdById };
  const verdict = judge({ actor: user, action: "edit competition", resource });
  return verdict === "granted" ? "owner" : "organizer";
}
