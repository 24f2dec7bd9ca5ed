import { redirect } from "@remix-run/node";
import { cloneCompetition } from "~/domain/competitions/index.server";
import { DomainError } from "~/domain/error";
import { flash, notFound, requireOwnCompetition } from "~/web/index.server";

/**
 * Copies a competition into a draft: a redirect to the draft's form, which asks for its dates.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function cloneWithForm(request: Request, competitionId: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, {
    id: competitionId,
    action: "clone competition",
  });
  try {
    const copy = await cloneCompetition({ actor: organizer, id: competition.id });
    if (copy.status !== "cloned") throw notFound();
    return goTo(`/competitions/${copy.competition.id}/edit`, COPIED);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === "unavailable") throw error;
    return goTo(`/competitions/${competition.id}`, error.message);
  }
}

const COPIED = "Here is your copy: a draft without dates or participants. Set a deadline.";

async function goTo(path: string, message: string) {
  return redirect(path, { status: 303, headers: { "Set-Cookie": await flash(message) } });
}
