import * as z from "zod";
import {
  listOwnRegistrations,
  listParticipants,
  OWN_AT_ONCE,
  PARTICIPANTS_AT_ONCE,
} from "~/domain/registration/index.server";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { linkToNext, NO_CURSOR, pagesOf } from "./paging";
import { refuse } from "./problem";
import { ownRegistrationShape, participantShape } from "./shapes";

const listOwn = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions/my-registrations",
  access: "list own registrations",
  summary: "List one's own registrations, newest first; follow Link rel=next for more",
  cost: "list",
  query: z.strictObject(pagesOf({ most: OWN_AT_ONCE })),
  success: { status: 200, description: "One page", schema: z.array(ownRegistrationShape) },
  refusals: [],
  async handle({ query, user }) {
    const { items, nextCursor } = await listOwnRegistrations({ actor: user, ...query });
    const headers = linkToNext("/api/competitions/my-registrations", query, nextCursor);
    return { status: 200, body: items, headers };
  },
});

const seatCursor = z
  .string()
  .regex(/^\d{1,6}$/, NO_CURSOR)
  .transform(Number)
  .optional();

const participants = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions/:id/participants",
  access: "read participants",
  summary:
    "List who is registered for one's own competition, by seat; follow Link rel=next for more",
  cost: "heavy",
  query: z.strictObject({ ...pagesOf({ most: PARTICIPANTS_AT_ONCE }), cursor: seatCursor }),
  success: { status: 200, description: "One page", schema: z.array(participantShape) },
  refusals: [404],
  async handle({ id, query: { limit, cursor: afterSeat }, user }) {
    const asked = { actor: user, competitionId: id, afterSeat };
    // One more than is shown tells whether there is a next page.
    const found = await listParticipants({ ...asked, limit: limit + 1 });
    if (!found) return refuse("not_found", "There is no such competition.");
    const body = found.slice(0, limit);
    const next = found.length > limit ? String(body.at(-1)?.seatNo) : null;
    const headers = linkToNext(`/api/competitions/${id}/participants`, { limit }, next);
    return { status: 200, body, headers };
  },
});

export const registrationListEndpoints: Endpoint[] = [listOwn, participants];
