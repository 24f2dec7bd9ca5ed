import { redirect } from "@remix-run/node";
import { editCompetition } from "~/domain/competitions/index.server";
import {
  editRefusal,
  flash,
  formAgain,
  formAgainFor,
  parseCompetitionChanges,
  readFormValues,
  requireOwnCompetition,
  toCompetitionForm,
  visitorTimeZone,
} from "~/web/index.server";

/**
 * The form as it shows the competition now, by the visitor's clocks.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function showEditForm(request: Request, competitionId: string | undefined) {
  const { competition } = await requireOwnCompetition(request, asked(competitionId));
  const { id, title, registrations } = competition;
  const values = toCompetitionForm(competition, visitorTimeZone(request));
  return { id, title, registrations, values };
}

/**
 * Saves the form: a redirect to the competition, or the form again with the reasons.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function saveEditForm(request: Request, competitionId: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, asked(competitionId));
  const values = await readFormValues(request);
  const parsed = parseCompetitionChanges(values, competition);
  if (parsed.status === "refused") return formAgain({ values, errors: parsed.errors });
  const { id } = competition;
  try {
    const changed = await editCompetition({ actor: organizer, id, changes: parsed.input });
    if (changed.status !== "saved") return editRefusal(changed, values);
  } catch (error) {
    return formAgainFor(error, values);
  }
  const headers = { "Set-Cookie": await flash("Your changes are saved.") };
  return redirect(`/competitions/${id}`, { status: 303, headers });
}

function asked(id: string | undefined) {
  return { id, action: "edit competition" } as const;
}
