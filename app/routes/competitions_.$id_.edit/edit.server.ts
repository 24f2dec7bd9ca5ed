import { redirect } from "@remix-run/node";
import { editCompetition, publishCompetition } from "~/domain/competitions/index.server";
import {
  editRefusal,
  type FormValues,
  findTyped,
  formAgain,
  formAgainFor,
  formWithPreview,
  justPublished,
  keepingTyped,
  notFound,
  PUBLISHED,
  parseCompetitionChanges,
  readFormValues,
  requireOwnCompetition,
  savedHeaders,
  timeZones,
  toCompetitionForm,
} from "~/web/index.server";

/**
 * The form as it shows the competition now, by its own clocks.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function showEditForm(request: Request, competitionId: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, asked(competitionId));
  const { id, title, registrations, waiting, status, state } = competition;
  if (status === "cancelled") throw redirect(`/competitions/${id}`);
  const { id: writer } = organizer;
  const typed = await findTyped(request, writer);
  const now = { ...toCompetitionForm(competition), writer };
  const values = typed ?? now;
  const zones = timeZones();
  return { id, title, registrations, waiting, status, state, typed, values, zones };
}

/**
 * Saves the form: a redirect to the competition, or the form again with the reasons.
 *
 * @throws Response 404 to anybody but its organizer
 */
export async function saveEditForm(request: Request, competitionId: string | undefined) {
  return save(request, competitionId, await readFormValues(request));
}

async function save(
  request: Request,
  competitionId: string | undefined,
  values: FormValues,
): Promise<ReturnType<typeof formAgain> | Response> {
  const { organizer, competition } = await keepingTyped(request, values, () =>
    requireOwnCompetition(request, asked(competitionId)),
  );
  const preview = formWithPreview(values);
  if (preview) return preview;
  const parsed = parseCompetitionChanges(values, competition);
  if (parsed.status === "refused") return formAgain({ values, errors: parsed.errors });
  if (parsed.status === "conflict") return formAgain(parsed, 409);
  const { id, version } = competition;
  let again = values;
  const edit = { actor: organizer, id, changes: parsed.input, ifVersions: [version] };
  try {
    const changed = await editCompetition(edit);
    // Somebody was faster by a moment: compared with what it is now, most edits fit together.
    if (changed.status === "edit_conflict") return save(request, id, values);
    if (changed.status !== "saved") return editRefusal(changed, values);
    // Saved, it may still not be published: the form is compared with what it says now.
    again = { ...values, shown: toCompetitionForm(changed.competition).shown ?? "" };
    if (values.publish === "yes") {
      const { status } = await publishCompetition({ actor: organizer, id });
      if (status !== "published") throw notFound();
    }
  } catch (error) {
    return formAgainFor(error, again);
  }
  const words = values.publish === "yes" ? PUBLISHED : "Your changes are saved.";
  const headers = await savedHeaders(request, words);
  if (values.publish === "yes") headers.append("Set-Cookie", await justPublished(id));
  return redirect(`/competitions/${id}`, { status: 303, headers });
}

function asked(id: string | undefined) {
  return { id, action: "edit competition" } as const;
}
