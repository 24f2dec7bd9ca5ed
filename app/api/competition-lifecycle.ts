import * as z from "zod";
import {
  cancelCompetition,
  cancelMessage,
  cloneCompetition,
  publishCompetition,
} from "~/domain/competitions/index.server";
import { competitionAnswer, ifMatch, NOT_DONE } from "./competitions";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { refuse } from "./problem";
import { competitionShape } from "./shapes";

/** Nothing can be said here; what is said all the same is refused, not ignored. */
const emptyBody = z.strictObject({}).default({});

const success = { status: 200, description: "The competition", schema: competitionShape } as const;

const publish = endpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/competitions/:id/publish",
  access: "publish competition",
  summary: "Publish your own draft; this cannot be undone",
  cost: "heavy",
  headers: z.object({ "if-match": ifMatch }),
  body: emptyBody,
  success,
  refusals: [400, 404, 409],
  async handle({ id, user, headers }) {
    const ifVersions = headers["if-match"];
    const outcome = await publishCompetition({ actor: user, id, ifVersions });
    if (outcome.status !== "published") return refuse(outcome.status, NOT_DONE[outcome.status]);
    return { status: 200, ...competitionAnswer(outcome.competition, { toSignedIn: true }) };
  },
});

const cancel = endpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/competitions/:id/cancel",
  access: "cancel competition",
  summary:
    "Cancel your own competition for good; everybody with a seat or in line is told by email",
  cost: "heavy",
  headers: z.object({ "if-match": ifMatch }),
  body: z
    .strictObject({
      message: cancelMessage
        .nullable()
        .optional()
        .meta({ description: "What everybody is told, in your words" }),
    })
    .default({}),
  success,
  refusals: [404, 409],
  async handle({ id, user, headers, body }) {
    const ifVersions = headers["if-match"];
    const outcome = await cancelCompetition({ actor: user, id, ifVersions, ...body });
    if (outcome.status === "draft")
      return refuse(
        "conflict",
        "Nobody knows of a draft, so there is nothing to cancel. Delete it instead.",
      );
    if (outcome.status !== "cancelled") return refuse(outcome.status, NOT_DONE[outcome.status]);
    return { status: 200, ...competitionAnswer(outcome.competition, { toSignedIn: true }) };
  },
});

const clone = endpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/competitions/:id/clone",
  access: "clone competition",
  summary: "Copy your own competition into a draft, without its dates and people",
  cost: "write",
  body: emptyBody,
  success: { status: 201, description: "The draft", schema: competitionShape },
  refusals: [404],
  async handle({ id, user }) {
    const outcome = await cloneCompetition({ actor: user, id });
    if (outcome.status !== "cloned") return refuse(outcome.status, NOT_DONE[outcome.status]);
    const { competition } = outcome;
    const { body, headers } = competitionAnswer(competition, { toSignedIn: true });
    const location = `/api/competitions/${competition.id}`;
    return { status: 201, body, headers: { ...headers, location } };
  },
});

export const lifecycleEndpoints: Endpoint[] = [publish, cancel, clone];
