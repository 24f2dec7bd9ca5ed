import { type AppLoadContext, redirect } from "@remix-run/node";
import * as z from "zod";
import { formatRelative } from "~/components/datetime";
import type { UserView } from "~/domain/accounts/index.server";
import { findRegistration, registerAndWait } from "~/domain/registration/index.server";
import { type FormValues, formAgain } from "./forms";
import { giveBackWithinLimits } from "./giving-back";
import { notFound, tooOften } from "./pages";
import { flash } from "./sessions";
import { countUnavailable } from "./unavailable";

const schema = z.object({
  idempotencyKey: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  waitlist: z.literal("yes").optional().catch(undefined),
});

/** A key that came with a request for the line stands for nothing else. */
const WITH_LINE = { waitlist: true, fingerprint: "waitlist" };

interface Asked {
  user: UserView;
  competitionId: string;
  origin?: AppLoadContext["origin"];
}

/**
 * Answers the registration form: a redirect to the page that shows the seat or the place in line, or the
 * page again with the reason. The page again carries the form's key if the same attempt may be repeated.
 */
export async function registerWithForm(values: FormValues, asked: Asked) {
  const { user, competitionId, origin } = asked;
  const form = schema.safeParse(values);
  if (!form.success) return problem(400, "This page is out of date. Press Register once more.");
  const { idempotencyKey, waitlist } = form.data;
  const asksForLine = waitlist ? WITH_LINE : undefined;
  const request = { user, competitionId, idempotencyKey, origin };
  const result = await registerAndWait({ ...request, ...asksForLine });
  const button = waitlist ? "the button" : "Register";
  if (result.status === "not_found") throw notFound();
  if ("retryAfterSeconds" in result) {
    countUnavailable(result.status === "unavailable" ? "overloaded" : result.status);
    const message = `Many people are registering right now. Press ${button} again ${inWords(result)}: your attempt is not lost.`;
    const headers = { "Retry-After": String(result.retryAfterSeconds) };
    return formAgain({ values: { idempotencyKey }, errors: { "": message } }, 503, headers);
  }
  if (result.status === "not_open_yet") {
    const when = formatRelative(new Date(result.inMs), new Date(0));
    const errors = { "": `Registration opens ${when}. Press Register then.` };
    const headers = { "Retry-After": String(Math.max(1, Math.ceil(result.inMs / 1_000))) };
    return formAgain({ values: { idempotencyKey }, errors }, 409, headers);
  }
  // The seat under the page's key was given back since: only a new key gets another one.
  const isUsedUp = "body" in result && result.replayed && !(await hasSomething(asked));
  if (isUsedUp || result.status === "idempotency_key_reused") {
    return problem(409, `This page is out of date. Press ${button} once more.`);
  }
  switch (result.status) {
    case "registered":
    case "waiting":
    case "already_registered":
    case "already_waiting":
      return redirect(`/competitions/${competitionId}`, 303);
    default:
      return problem(409, SENTENCES[result.status]);
  }
}

/** The page's words for refusals that need no further details. */
const SENTENCES = {
  competition_full: "The last seat went to somebody else a moment ago.",
  waitlist_full: "The last seat is taken, and the waitlist is full, too.",
  deadline_passed: "The deadline passed before your registration arrived.",
  competition_cancelled: "The organizer has cancelled this competition. It will not take place.",
};

/** Answers the button that gives a seat back. */
export async function cancelWithForm({ user, competitionId }: Asked) {
  const outcome = await giveBackWithinLimits({ actor: user, competitionId, only: "seat" });
  const { status } = outcome;
  if (status === "rate_limited") return waitToGiveBack(outcome);
  if (status === "deadline_passed" || status === "competition_cancelled") {
    return problem(409, KEPT[status]);
  }
  const message =
    status === "cancelled"
      ? "Your registration is cancelled. The seat is free for somebody else."
      : "You had no registration here. Nothing was changed.";
  return backWith(message, competitionId);
}

/** Answers the button that gives up a place in line. Somebody who got a seat meanwhile keeps it. */
export async function leaveLineWithForm({ user, competitionId }: Asked) {
  const outcome = await giveBackWithinLimits({ actor: user, competitionId, only: "place" });
  const { status } = outcome;
  if (status === "rate_limited") return waitToGiveBack(outcome);
  if (status === "deadline_passed") {
    return problem(409, "It has started, so there is no line any more.");
  }
  if (status === "competition_cancelled") return problem(409, KEPT[status]);
  const message =
    status === "cancelled"
      ? "You have left the waitlist."
      : "You were no longer in line. Nothing was changed.";
  return backWith(message, competitionId);
}

async function backWith(message: string, competitionId: string) {
  const headers = { "Set-Cookie": await flash(message) };
  return redirect(`/competitions/${competitionId}`, { status: 303, headers });
}

function waitToGiveBack(limited: { retryAfterSeconds: number }) {
  const headers = { "Retry-After": String(limited.retryAfterSeconds) };
  return formAgain({ values: {}, errors: { "": tooOften(limited) } }, 429, headers);
}

const KEPT = {
  deadline_passed: "Registration is closed, so seats can no longer be given back.",
  competition_cancelled: "This competition is cancelled. There is nothing to give back.",
};

async function hasSomething({ user, competitionId }: Asked): Promise<boolean> {
  return (await findRegistration({ userId: user.id, competitionId })) !== null;
}

function problem(status: number, message: string) {
  return formAgain({ values: {}, errors: { "": message } }, status);
}

function inWords({ retryAfterSeconds }: { retryAfterSeconds: number }): string {
  return retryAfterSeconds > 60 ? "in a few minutes" : "in a few seconds";
}
