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

/** The seat that this page's key got was given back since: only a new key gets another. */
const USED_BEFORE = "This page was used before. Press Register once more.";

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
  if (limited.status === "limited") {
    return later(429, limited.retryAfterSeconds, idempotencyKey);
  }
  const result = await registerAndWait({ user, competitionId, idempotencyKey });
  switch (result.status) {
    case "registered":
      if (result.replayed && !(await findRegistration({ userId: user.id, competitionId }))) {
        return problem(409, USED_BEFORE);
      }
      return redirect(`/competitions/${competitionId}`, 303);
    case "already_registered":
      return redirect(`/competitions/${competitionId}`, 303);
    case "competition_full":
      return problem(409, "The last seat went to somebody else a moment ago.");
    case "deadline_passed":
      return problem(409, "The deadline passed before your registration arrived.");
    case "idempotency_key_reused":
      return problem(409, USED_BEFORE);
    case "not_found":
      throw notFound();
    case "request_in_progress":
    case "unavailable":
      return later(503, result.retryAfterSeconds, idempotencyKey);
  }
}

/** Answers the button that gives a seat back. */
export async function cancelWithForm({ user, competitionId }: Asked) {
  const { status } = await cancelRegistration({ userId: user.id, competitionId });
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

function problem(status: number, message: string, idempotencyKey?: string, headers?: HeadersInit) {
  return data({ problem: message, idempotencyKey }, { status, headers });
}

function later(status: 429 | 503, seconds: number, idempotencyKey: string) {
  const wait = seconds > 60 ? "in a few minutes" : "in a few seconds";
  const message =
    status === 429
      ? `That was a little too often. Try again ${wait}.`
      : `Very many people are registering. Press Register again ${wait}: your attempt is not lost.`;
  return problem(status, message, idempotencyKey, { "Retry-After": String(seconds) });
}
