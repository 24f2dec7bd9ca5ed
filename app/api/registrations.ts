import { hash } from "node:crypto";
import * as z from "zod";
import { type Refusal, register } from "~/domain/registration/index.server";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { untilOpening } from "./opening";
import { type Problem, refuse } from "./problem";
import { registrationShape } from "./shapes";

const NO_COMPETITION = "There is no such competition.";

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Send 1 to 255 visible ASCII characters.")
  .optional()
  .meta({ description: "A repeat with the same key gets the first answer again, for 24 hours." });

const registerEndpoint = endpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/competitions/:id/register",
  access: "register",
  summary: "Register for a competition",
  cost: "registration",
  headers: z.object({ "idempotency-key": idempotencyKey }),
  body: z
    .strictObject({
      waitlist: z
        .boolean("Send true or false.")
        .optional()
        .meta({ description: "Whether a place in line will do when no seat is left" }),
    })
    .default({}),
  success: {
    status: 201,
    description: "The registration: a seat, or a place in line where that was asked for",
    schema: registrationShape,
  },
  refusals: [404, 409, 422],
  async handle({ id, user, body, headers, origin }) {
    const key = headers["idempotency-key"];
    const result = await register({
      user,
      competitionId: id,
      ...body,
      idempotencyKey: key,
      origin,
      // The schema gives the fields in its own order, so that equal requests are equal texts.
      fingerprint: key && hash("sha256", `POST\n${JSON.stringify(body)}`),
    });
    if (!("body" in result)) return refused(result);
    const repeated = result.replayed ? { "idempotent-replayed": "true" } : undefined;
    return { status: 201, body: result.body, headers: repeated };
  },
});

function refused(refusal: Refusal): Problem {
  const more =
    refusal.status === "not_open_yet"
      ? untilOpening(refusal)
      : refusal.status === "already_waiting"
        ? { members: { place: refusal.place } }
        : "retryAfterSeconds" in refusal
          ? refusal
          : {};
  return refuse(refusal.status, SENTENCES[refusal.status], more);
}

const SENTENCES: Record<Refusal["status"], string> = {
  competition_full: "Every seat is taken.",
  waitlist_full: "Every seat is taken, and the waitlist is full, too.",
  already_registered: "You are registered for this competition already.",
  already_waiting: "You are in line for this competition already.",
  deadline_passed: "Registration for this competition is closed.",
  competition_cancelled: "This competition was cancelled by its organizer.",
  not_open_yet: "Registration for this competition has not opened yet.",
  not_found: NO_COMPETITION,
  idempotency_key_reused: "This key was used for another request.",
  request_in_progress: "The same request is being worked on. Ask again shortly.",
  unavailable: "Too many people are registering right now. Try again shortly.",
};

export const registrationEndpoints: Endpoint[] = [registerEndpoint];
