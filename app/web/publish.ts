import { redirect } from "@remix-run/node";
import { publishCompetition } from "~/domain/competitions/index.server";
import { DomainError } from "~/domain/error";
import { requireOwnCompetition } from "./competitions";
import { notFound } from "./pages";
import { flash } from "./sessions";
import { justPublished } from "./share";

/**
 * Publishes a draft: a redirect to its page, or to its form where something is missing.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function publishWithForm(
  request: Request,
  competitionId: string | undefined,
): Promise<Response> {
  const action = "publish competition";
  const { organizer, competition } = await requireOwnCompetition(request, {
    id: competitionId,
    action,
  });
  const { id } = competition;
  try {
    const outcome = await publishCompetition({ actor: organizer, id });
    if (outcome.status === "forbidden" || outcome.status === "not_found") throw notFound();
    if (outcome.status !== "published") return goTo(`/competitions/${id}`, CANCELLED);
    return goTo(`/competitions/${id}`, PUBLISHED, await justPublished(id));
  } catch (error) {
    // A deadline that has passed, or seats beyond the quota, can be mended in the form.
    const isRefused = error instanceof DomainError && error.code !== "unavailable";
    if (!isRefused) throw error;
    return goTo(`/competitions/${id}/edit`, `Not published yet: ${error.message}.`);
  }
}

export const PUBLISHED = "Your competition is published. Everybody can find it now.";
const CANCELLED = "This competition is cancelled, and that cannot be undone.";

async function goTo(path: string, message: string, cookie?: string): Promise<Response> {
  const headers = new Headers({ "Set-Cookie": await flash(message) });
  if (cookie) headers.append("Set-Cookie", cookie);
  return redirect(path, { status: 303, headers });
}
