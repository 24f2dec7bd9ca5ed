import * as z from "zod";
import {
  cancelRegistration,
  listOwnRegistrations,
  listParticipants,
  type RegisterResult,
  register,
} from "~/domain/registration/index.server";
import { limit } from "~/web/index.server";
import type { Answer } from "./answer";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { fingerprintOf } from "./fingerprint";
import { type Refusal, refuse } from "./problem";
import { ownRegistrationShape, participantShape, registrationShape } from "./shapes";

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
  access: "participant",
  summary: "Register for a competition",
  headers: z.object({ "idempotency-key": idempotencyKey }),
  body: z.strictObject({}).default({}),
  success: { status: 201, description: "The registration", schema: registrationShape },
  refusals: [404, 409, 422, 429],
  async handle({ id, user, body, headers, clientAddress }) {
    const limited = await limit("registration", { address: clientAddress, account: user.id });
    if (limited.status === "limited") {
      const { retryAfterSeconds } = limited;
      return refuse("rate_limited", "Too many attempts. Try again later.", { retryAfterSeconds });
    }
    const key = headers["idempotency-key"];
    const result = await register({
      user,
      competitionId: id,
      idempotencyKey: key,
      fingerprint: key === undefined ? undefined : fingerprintOf("POST", body),
    });
    return registrationAnswer(result);
  },
});

function registrationAnswer(result: RegisterResult): Answer | Refusal {
  switch (result.status) {
    case "registered":
      return {
        status: 201,
        body: result.body,
        headers: result.replayed ? { "idempotent-replayed": "true" } : undefined,
      };
    case "competition_full":
      return refuse("competition_full", "Every seat is taken.");
    case "already_registered":
      return refuse("already_registered", "You are registered for this competition already.");
    case "deadline_passed":
      return refuse("deadline_passed", "Registration for this competition is closed.");
    case "not_found":
      return refuse("not_found", NO_COMPETITION);
    case "idempotency_key_reused":
      return refuse("idempotency_key_reused", "This key was used for another request.");
    case "request_in_progress": {
      const { retryAfterSeconds } = result;
      const detail = "The same request is being worked on. Ask again shortly.";
      return refuse("request_in_progress", detail, { retryAfterSeconds });
    }
    case "unavailable": {
      const { retryAfterSeconds } = result;
      const detail = "Too many people are registering right now. Try again shortly.";
      return refuse("unavailable", detail, { retryAfterSeconds });
    }
  }
}

const cancel = endpoint({
  ...takesNothing,
  method: "DELETE",
  path: "/api/competitions/:id/register",
  access: "participant",
  summary: "Cancel one's own registration before the deadline",
  success: { status: 204, description: "The seat is free again" },
  refusals: [400, 404],
  async handle({ id, user }) {
    const outcome = await cancelRegistration({ userId: user.id, competitionId: id });
    switch (outcome.status) {
      case "cancelled":
        return { status: 204 };
      case "not_found":
        return refuse("not_found", "You are not registered for such a competition.");
      case "deadline_passed":
        return refuse(
          "deadline_passed",
          "Registrations can be cancelled before the deadline only.",
        );
    }
  },
});

const listOwn = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions/my-registrations",
  access: "participant",
  summary: "List one's own registrations, newest first",
  success: { status: 200, description: "All of them", schema: z.array(ownRegistrationShape) },
  refusals: [],
  async handle({ user }) {
    return { status: 200, body: await listOwnRegistrations({ userId: user.id }) };
  },
});

const participants = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions/:id/participants",
  access: "organizer",
  summary: "List who is registered for one's own competition, by seat",
  success: { status: 200, description: "All of them", schema: z.array(participantShape) },
  refusals: [404],
  async handle({ id, user }) {
    const found = await listParticipants({ competitionId: id, organizerId: user.id });
    return found ? { status: 200, body: found } : refuse("not_found", NO_COMPETITION);
  },
});

export const registrationEndpoints: Endpoint[] = [registerEndpoint, cancel, listOwn, participants];
