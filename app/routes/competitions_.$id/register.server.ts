import { data, redirect } from "@remix-run/node";
import * as z from "zod";
import type { UserView } from "~/domain/accounts/index.server";
import {
  cancelRegistration,
  findRegistration,
  registerAndWait,
} from "~/domain/registration/index.server";
import { type FormValues, flash, limit, notFound } from "~/web/index.server";

const schema = z.object({ idempotencyKey: z.string().regex(/^[\x21-\x7e]{1,255}$/) });

interface Asked {
  user: UserView;
  competitionId: string;
  address: string | undefined;
}

/**
 * Answers the registration form: a redirect to the page that shows the seat, or the page again with
 * the reason. `idempotencyKey` is in it when the same attempt can be made once more.
 */
export async function registerWithForm(values: FormValues, asked: Asked) {
  const { user, competitionId, address } = asked;
  const form = schema.safeParse(values);
  if (!form.success) return problem(400, "This page was too old. Press Register once more.");
  const { idempotencyKey } = form.data;
  const limited = await limit("registration", { address, account: user.id });
  if (limited.status === "rate_limited") {
    const message = `That was a little too often. Try again ${inWords(limited)}.`;
    return later(429, message, { ...limited, idempotencyKey });
  }
  const result = await registerAndWait({ user, competitionId, idempotencyKey });
  if (result.status === "not_found") throw notFound();
  if ("retryAfterSeconds" in result) {
    const message = `Very many people are registering. Press Register again ${inWords(result)}: your attempt is not lost.`;
    return later(503, message, { ...result, idempotencyKey });
  }
  if (result.status === "registered" && result.replayed && !(await isRegistered(asked))) {
    return problem(409, USED_BEFORE);
  }
  if (result.status === "registered" || result.status === "already_registered") {
    return redirect(`/competitions/${competitionId}`, 303);
  }
  return problem(409, SENTENCES[result.status]);
}

/** The page's key got a seat that was given back since: only a new key gets another. */
const USED_BEFORE = "This page was used before. Press Register once more.";

/** What the page says of the refusals that it shows as they are. */
const SENTENCES = {
  competition_full: "The last seat went to somebody else a moment ago.",
  deadline_passed: "The deadline passed before your registration arrived.",
  idempotency_key_reused: USED_BEFORE,
};

/** Answers the button that gives a seat back. */
export async function cancelWithForm({ user, competitionId }: Asked) {
  const { status } = await cancelRegistration({ actor: user, competitionId });
  if (status === "deadline_passed") {
    return problem(409, "Registration is closed, so seats cannot be given back any more.");
  }
  const message =
    status === "cancelled"
      ? "Your registration is cancelled. The seat is free for somebody else."
      : "You had no registration here. Nothing was changed.";
  const headers = { "Set-Cookie": await flash(message) };
  return redirect(`/competitions/${competitionId}`, { status: 303, headers });
}

async function isRegistered({ user, competitionId }: Asked): Promise<boolean> {
  return (await findRegistration({ userId: user.id, competitionId })) !== null;
}

function problem(status: number, message: string, idempotencyKey?: string, headers?: HeadersInit) {
  return data({ problem: message, idempotencyKey }, { status, headers });
}

function later(
  status: 429 | 503,
  message: string,
  { retryAfterSeconds, idempotencyKey }: { retryAfterSeconds: number; idempotencyKey: string },
) {
  const headers = { "Retry-After": String(retryAfterSeconds) };
  return problem(status, message, idempotencyKey, headers);
}

function inWords({ retryAfterSeconds }: { retryAfterSeconds: number }): string {
  return retryAfterSeconds > 60 ? "in a few minutes" : "in a few seconds";
}
