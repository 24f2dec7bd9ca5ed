import { findOwnStanding } from "~/domain/registration/index.server";
import { giveBackWithinLimits } from "~/web/index.server";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { refuse } from "./problem";
import { standingShape } from "./shapes";

const read = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions/:id/registration",
  access: "read own registration",
  summary: "Read your own registration: the seat, or the place in line",
  cost: "read",
  success: { status: 200, description: "What it is at this moment", schema: standingShape },
  refusals: [404],
  async handle({ id, user }) {
    const standing = await findOwnStanding({ actor: user, competitionId: id });
    if (!standing) return refuse("not_found", NOT_REGISTERED);
    return { status: 200, body: standing };
  },
});

const NOT_REGISTERED = "You are not registered for such a competition.";

const cancel = endpoint({
  ...takesNothing,
  method: "DELETE",
  path: "/api/competitions/:id/register",
  access: "cancel own registration",
  summary:
    "Cancel your own registration before the deadline, or leave the line, even until the start",
  cost: "write",
  success: { status: 204, description: "The seat, or the place in line, is given back" },
  refusals: [400, 404, 409],
  async handle({ id, user }) {
    const outcome = await giveBackWithinLimits({ actor: user, competitionId: id });
    if (outcome.status === "cancelled") return { status: 204 };
    const more = outcome.status === "rate_limited" ? outcome : {};
    return refuse(outcome.status, NOT_CANCELLED[outcome.status], more);
  },
});

const NOT_CANCELLED = {
  rate_limited: "You have given back too often today. Try again later.",
  not_found: NOT_REGISTERED,
  competition_cancelled:
    "The organizer has cancelled this competition. There is nothing to give back.",
  deadline_passed:
    "A seat can be given back until the deadline; a place in line until the start, too, where that is later.",
};

export const ownRegistrationEndpoints: Endpoint[] = [read, cancel];
