import { redirect } from "@remix-run/node";
import { sendVerificationAgain } from "~/domain/accounts/index.server";
import type { FormValues } from "./forms";
import { safeRedirect, tooOften } from "./pages";
import { limit, takeBack } from "./rate-limits";
import { flash, requireActor } from "./sessions";

/**
 * Answers the button that has the mail sent again by which somebody confirms their address: leads
 * back to where it was pressed, with a word of what happened.
 *
 * @throws Response a redirect to the login page for nobody
 */
export async function sendAgainWithForm(request: Request, values: FormValues): Promise<Response> {
  const actor = await requireActor(request, "verify own address");
  const message = await sendWithinLimits(actor);
  const headers = { "Set-Cookie": await flash(message) };
  return redirect(safeRedirect(values.redirectTo, "/verify-email"), { status: 303, headers });
}

async function sendWithinLimits(actor: Awaited<ReturnType<typeof requireActor>>): Promise<string> {
  const caller = { address: undefined, account: actor.id };
  const limited = await limit("verification", caller);
  if (limited.status === "rate_limited") {
    return `${tooOften(limited)} Until then, look among your unwanted mail.`;
  }
  const { status } = await sendVerificationAgain({ actor });
  if (status === "ordered") return `A new email is on its way to ${actor.email}.`;
  await takeBack("verification", caller);
  return "Your address is already confirmed.";
}
