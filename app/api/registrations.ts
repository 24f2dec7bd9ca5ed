import { hash } from "node:crypto";
import * as z from "zod";
import { cancelRegistration, type Refusal, register } from "~/domain/registration/index.server";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { untilOpening } from "./opening";
import { type Problem, refuse } from "./problem";
import { registrationShape } from "./shapes";

const NO_COMPETITION = "There is no such competition.";

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "1 to 255 visible ASCII characters.")
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
  body: z.strictObject({}).default({}),
  success: { status: 201, description: "The registration", schema: registrationShape },
  refusals: [404, 409, 422],
  async handle({ id, user, body, headers, origin }) {
    const key = headers["idempotency-key"];
    const result = await register({
      user,
      competitionId: id,
      idempotencyKey: key,
      origin,
      // The schema gives the fields in its own order, so that equal requests are equal texts.
      fingerprint: key && hash("sha256", `POST\n${JSON.stringify(body)}`),
    });
    if (result.status !== "registered") return refused(result);
    const repeated = result.replayed ? { "idempotent-replayed": "true" } : undefined;
    return { status: 201, body: result.body, headers: repeated };
  },
});

function refused(refusal: Refusal): Problem {
  const isEarly = refusal.status === "not_open_yet";
  const more = isEarly ? untilOpening(refusal) : "retryAfterSeconds" in refusal ? refusal : {};
  return refuse(refusal.status, SENTENCES[refusal.status], more);
}

const SENTENCES: Record<Refusal["status"], string> = {
  competition_full: "Every seat is taken.",
  already_registered: "You are registered for this competition already.",
  deadline_passed: "Registration for this competition is closed.",
  not_open_yet: "Registration for this competition has not opened yet.",
  not_found: NO_COMPETITION,
  idempotency_key_reused: "This key was used for another request.",
  request_in_progress: "The same request is being worked on. Ask again shortly.",
  unavailable: "Too many people are registering right now. Try again shortly.",
};

const cancel = endpoint({
  ...takesNothing,
  method: "DELETE",
  path: "/api/competitions/:id/register",
  access: "cancel own registration",
  summary: "Cancel one's own registration before the deadline",
  cost: "write",
  success: { status: 204, description: "The seat is free again" },
  refusals: [400, 404],
  async handle({ id, user }) {
    const outcome = await cancelRegistration({ actor: user, competitionId: id });
    return outcome.status === "cancelled"
      ? { status: 204 }
      : refuse(outcome.status, NOT_CANCELLED[outcome.status]);
  },
});

const NOT_CANCELLED = {
  not_found: "You are not registered for such a competition.",
  deadline_passed: "Registrations can be cancelled before the deadline only.",
};

export const registrationEndpoints: Endpoint[] = [registerEndpoint, cancel];
