import { redirect } from "@remix-run/node";
import { deleteCompetition, isOver } from "~/domain/competitions/index.server";
import { flash, notFound, readFormValues, requireOwnCompetition } from "~/web/index.server";

/**
 * What its organizer is about to delete.
 *
 * @throws Response 404 to anybody else
 */
export async function askToDelete(request: Request, competitionId: string | undefined) {
  const { competition } = await requireOwnCompetition(request, asked(competitionId));
  const { id, title, registrations, waiting, status } = competition;
  const isCancelled = status === "cancelled";
  return { id, title, registrations, waiting, isCancelled, isOver: isOver(competition) };
}

/**
 * Deletes the competition: at once when nobody has a seat or waits for one, else once its organizer has
 * confirmed.
 *
 * @throws Response 404 to anybody else
 */
export async function deleteWithForm(request: Request, competitionId: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, asked(competitionId));
  const { confirmed } = await readFormValues(request);
  if (competition.registrations + competition.waiting > 0 && !confirmed) {
    return redirect(`/competitions/${competition.id}/delete`, 303);
  }
  const { status } = await deleteCompetition({ actor: organizer, id: competition.id });
  if (status !== "deleted") throw notFound();
  const headers = { "Set-Cookie": await flash(`“${competition.title}” is deleted.`) };
  return redirect("/my-competitions", { status: 303, headers });
}

function asked(id: string | undefined) {
  return { id, action: "delete competition" } as const;
}
