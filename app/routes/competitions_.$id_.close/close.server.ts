import { redirect } from "@remix-run/node";
import { closeRegistration } from "~/domain/competitions/index.server";
import { flash, notFound, requireOwnCompetition } from "~/web/index.server";

/**
 * Closes registration now: a redirect to the competition.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function closeWithForm(request: Request, competitionId: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, {
    id: competitionId,
    action: "edit competition",
  });
  const { status } = await closeRegistration({ actor: organizer, id: competition.id });
  if (status === "forbidden" || status === "not_found") throw notFound();
  const headers = { "Set-Cookie": await flash(status === "closed" ? CLOSED : WAS_CLOSED) };
  return redirect(`/competitions/${competition.id}`, { status: 303, headers });
}

const CLOSED = "Registration is closed. A later deadline opens it again.";
const WAS_CLOSED = "Registration was not open. Nothing was changed.";
