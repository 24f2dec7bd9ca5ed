import { randomUUID } from "node:crypto";
import { isRoleFor, judge } from "~/domain/access";
import type { UserView } from "~/domain/accounts/index.server";
import { type CompetitionView, findCompetition } from "~/domain/competitions/index.server";
import { findRegistration } from "~/domain/registration/index.server";
import { notFound } from "~/web/index.server";
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
  idempotencyKey?: string | undefined;
}) {
  const { id, user } = options;
  const [competition, registration] = await Promise.all([
    findCompetition({ id }),
    user?.role === "PARTICIPANT" ? findRegistration({ userId: user.id, competitionId: id }) : null,
  ]);
  if (!competition) throw notFound();
  const standing: Standing = {
    viewer: viewerOf(user, competition),
    registration,
    isLeaving: options.isLeaving,
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
  };
  const { title, description, tags, regDeadline, startDate, organizer } = competition;
  const { capacity, registrations, state } = competition;
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
    seats: { capacity, registrations, state },
    standing,
  };
}

function viewerOf(user: UserView | null, competition: CompetitionView): Standing["viewer"] {
  if (!user) return "nobody";
  if (isRoleFor({ actor: user, action: "register" })) return "participant";
  const resource = { ownerId: competition.createdById };
  const verdict = judge({ actor: user, action: "edit competition", resource });
  return verdict === "granted" ? "owner" : "organizer";
}
