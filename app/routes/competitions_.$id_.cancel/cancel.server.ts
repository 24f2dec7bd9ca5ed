import { redirect } from "@remix-run/node";
import * as z from "zod";
import { cancelCompetition, cancelMessage } from "~/domain/competitions/index.server";
import {
  errorsOf,
  findTyped,
  formAgain,
  formAgainFor,
  keepingTyped,
  notFound,
  readFormValues,
  requireOwnCompetition,
  savedHeaders,
} from "~/web/index.server";

const schema = z.object({ message: cancelMessage });

/**
 * What its organizer is about to cancel; what is cancelled already shows that itself.
 *
 * @throws Response 404 to anybody else, and of a draft, of which nobody knows
 */
export async function askToCancel(request: Request, competitionId: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, asked(competitionId));
  const { id, title, registrations, waiting, status } = competition;
  if (status === "cancelled") throw redirect(`/competitions/${id}`);
  if (status === "draft") throw notFound();
  const typed = await findTyped(request, organizer.id);
  return { id, title, registrations, waiting, writer: organizer.id, typed: typed?.message ?? null };
}

/**
 * Cancels the competition once its organizer has confirmed: a redirect to its page, or the form again.
 *
 * @throws Response 404 to anybody else, and of a draft
 */
export async function cancelWithForm(request: Request, competitionId: string | undefined) {
  const values = await readFormValues(request);
  const require = () => requireOwnCompetition(request, asked(competitionId));
  const { organizer, competition } = await (values.message
    ? keepingTyped(request, values, require)
    : require());
  const { id } = competition;
  if (!values.confirmed) return redirect(`/competitions/${id}/cancel`, 303);
  const form = schema.safeParse({ message: values.message ?? "" });
  if (!form.success) return formAgain({ values, errors: errorsOf(form.error) });
  try {
    const { status } = await cancelCompetition({ actor: organizer, id, ...form.data });
    if (status !== "cancelled") throw notFound();
  } catch (error) {
    return formAgainFor(error, values);
  }
  // In another tab, with another message: that one was sent.
  const words = competition.status === "cancelled" ? WAS_CANCELLED : CANCELLED;
  const headers = await savedHeaders(request, words);
  return redirect(`/competitions/${id}`, { status: 303, headers });
}

const CANCELLED = "The competition is cancelled, and everybody is told by email.";
const WAS_CANCELLED = "It was already cancelled. Nothing was changed.";

function asked(id: string | undefined) {
  return { id, action: "cancel competition" } as const;
}
