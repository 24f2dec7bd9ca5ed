import { randomUUID } from "node:crypto";
import { isRoleFor, judge } from "~/domain/access";
import type { UserView } from "~/domain/accounts/index.server";
import { type CompetitionView, findCompetition } from "~/domain/competitions/index.server";
import { findRegistration } from "~/domain/registration/index.server";
import { beforeOpening, notePageEnds, notFound, type StandIn } from "~/web/index.server";
import type { Standing } from "./registration-panel";

/**
 * A competition as its visitor sees it, and where they stand.
 *
 * @throws Response 404
 */
export async function showCompetition(options: {
  id: string;
  user: UserView | null;
  isLeaving: boolean;
  /** Whom the page is made for, where that is nobody there is. */
  standIn?: StandIn | undefined;
}) {
  const { id, user, standIn } = options;
  const [competition, registration] = await Promise.all([
    findCompetition({ id }),
    user?.role === "PARTICIPANT" ? findRegistration({ userId: user.id, competitionId: id }) : null,
  ]);
  if (!competition) throw notFound();
  const standing: Standing = {
    viewer: viewerOf(user, competition),
    registration,
    isLeaving: options.isLeaving,
    idempotencyKey: standIn?.idempotencyKey ?? randomUUID(),
  };
  notePageEnds(standIn, [competition]);
  const { title, description, tags, regDeadline, startDate, organizer } = competition;
  const { capacity, registrations, state, opensAt } = competition;
  return {
    competition: {
      id: competition.id,
      title,
      description,
      tags,
      regDeadline,
      startDate,
      organizerName: organizer.name,
    },
    seats: { capacity, registrations, state, opensAt },
    standing,
    ...beforeOpening(competition, standIn),
  };
}

function viewerOf(user: UserView | null, competition: CompetitionView): Standing["viewer"] {
  if (!user) return "nobody";
  if (isRoleFor({ actor: user, action: "register" })) return "participant";
  const resource = { ownerId: competition.createdById };
  const verdict = judge({ actor: user, action: "edit competition", resource });
  return verdict === "granted" ? "owner" : "organizer";
}
