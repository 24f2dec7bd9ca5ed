import { randomUUID } from "node:crypto";
import { redirect } from "@remix-run/node";
import { createCompetition } from "~/domain/competitions/index.server";
import {
  formAgain,
  formAgainFor,
  formWithPreview,
  justPublished,
  keepingTyped,
  parseCompetitionForm,
  readFormValues,
  requireActor,
  savedHeaders,
} from "~/web/index.server";

/**
 * Creates the form's competition: a redirect to it, or the form again with the reasons. Its key tells
 * a form that was sent twice.
 */
export async function createWithForm(request: Request) {
  const values = await readFormValues(request);
  const actor = await keepingTyped(request, values, () =>
    requireActor(request, "create competition"),
  );
  const preview = formWithPreview(values);
  if (preview) return preview;
  const parsed = parseCompetitionForm(values);
  if (parsed.status === "refused") return formAgain({ values, errors: parsed.errors });
  try {
    const created = await createCompetition({ actor, input: parsed.input, key: values.key });
    const { id, state } = created;
    const headers = await savedHeaders(
      request,
      state === "draft" ? DRAFT : state === "opens" ? PUBLISHED : OPEN,
    );
    if (state !== "draft") headers.append("Set-Cookie", await justPublished(id));
    return redirect(`/competitions/${id}`, { status: 303, headers });
  } catch (error) {
    return formAgainFor(error, values);
  }
}

/** What tells one form from another. */
export function newKey(): string {
  return randomUUID();
}

const DRAFT = "Your draft is saved. Only you see it until you publish it.";
const OPEN = "Your competition is open for registration.";
const PUBLISHED = "Your competition is published. Registration opens at the time you set.";
