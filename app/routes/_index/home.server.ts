import type { AppLoadContext } from "@remix-run/node";
import { upcomingCompetitions } from "~/domain/competitions/index.server";
import { findUser, markHeld, notePageEnds, showNext, toSummary } from "~/web/index.server";

const SHOWN = 6;

/** What one can register for next, what comes next for the visitor, and their role. */
export async function showHome(request: Request, context: AppLoadContext) {
  const asker = findUser(request, context);
  const [user, upcoming, next] = await Promise.all([
    asker,
    upcomingCompetitions({ limit: SHOWN }),
    asker.then((user) => showNext(user, context)),
  ]);
  notePageEnds(context.standIn, upcoming);
  const competitions = await markHeld(user, upcoming.map(toSummary));
  return { role: user?.role ?? null, next, competitions };
}
