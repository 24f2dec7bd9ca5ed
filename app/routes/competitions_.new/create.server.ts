import { redirect } from "@remix-run/node";
import { createCompetition } from "~/domain/competitions/index.server";
import {
  flash,
  formAgain,
  formAgainFor,
  parseCompetitionForm,
  readFormValues,
  requireActor,
} from "~/web/index.server";

/** Creates the form's competition: a redirect to it, or the form again with the reasons. */
export async function createWithForm(request: Request) {
  const actor = await requireActor(request, "create competition");
  const values = await readFormValues(request);
  const parsed = parseCompetitionForm(values);
  if (parsed.status === "refused") return formAgain({ values, errors: parsed.errors });
  try {
    const { id } = await createCompetition({ actor, input: parsed.input });
    const headers = { "Set-Cookie": await flash("The competition is open for registration.") };
    return redirect(`/competitions/${id}`, { status: 303, headers });
  } catch (error) {
    return formAgainFor(error, values);
  }
}
