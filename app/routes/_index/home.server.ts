import type { AppLoadContext } from "@remix-run/node";
import { upcomingCompetitions } from "~/domain/competitions/index.server";
import { findUser, notePageEnds, toSummary } from "~/web/index.server";

const SHOWN = 6;

/** What comes next, and the visitor's role. */
export async function showHome(request: Request, context: AppLoadContext) {
  const [user, upcoming] = await Promise.all([
    findUser(request, context),
    upcomingCompetitions({ limit: SHOWN }),
  ]);
  notePageEnds(context.standIn, upcoming);
  return { role: user?.role ?? null, competitions: upcoming.map(toSummary) };
}
