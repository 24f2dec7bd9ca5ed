import * as z from "zod";
import {
  type CompetitionView,
  competitionChangesSchema,
  competitionSchema,
  createCompetition,
  deleteCompetition,
  editCompetition,
  findCompetition,
  type ListedCompetition,
  listCompetitions,
  promoteFromLine,
  WHEN,
} from "~/domain/competitions/index.server";
import { type Endpoint, endpoint, openEndpoint, takesNothing } from "./endpoint";
import { linkToNext, pagesOf } from "./paging";
import { refuse, refuseFields } from "./problem";
import { competitionShape, listedCompetitionShape, promotedShape } from "./shapes";

export const NO_COMPETITION = "There is no such competition.";

const listQuery = z.strictObject({
  q: z.string().trim().max(200, "At most 200 characters.").optional(),
  tag: z
    .string()
    .normalize("NFC")
    .trim()
    .toLowerCase()
    .max(30, "At most 30 characters.")
    .optional(),
  when: z
    .enum(WHEN, `Send one of ${WHEN.join(", ")}.`)
    .optional()
    .meta({
      description:
        "`open`: people can register or join the line now; `soon`: it opens later; `past`: it has ended, or has started and has no end. Without it, all",
    }),
  ...pagesOf({ most: 100, usual: 50 }),
});

const list = openEndpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions",
  access: "optional",
  summary: "List competitions, newest first; follow Link rel=next for more",
  cost: "list",
  query: listQuery,
  success: {
    status: 200,
    description: "One page of competitions",
    schema: z.array(listedCompetitionShape),
  },
  refusals: [],
  async handle({ query, caller }) {
    const { items, nextCursor } = await listCompetitions({
      ...query,
      q: query.q || undefined,
      tag: query.tag || undefined,
    });
    const body = items.map((item) => listedJson(item, { toSignedIn: caller !== null }));
    return { status: 200, body, headers: linkToNext("/api/competitions", query, nextCursor) };
  },
});

const create = endpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/competitions",
  access: "create competition",
  summary: "Create a competition",
  cost: "heavy",
  body: competitionSchema,
  success: { status: 201, description: "The competition", schema: competitionShape },
  refusals: [409],
  async handle({ body, user }) {
    const competition = await createCompetition({ actor: user, input: body });
    const { body: json, headers } = competitionAnswer(competition, { toSignedIn: true });
    const location = `/api/competitions/${competition.id}`;
    return { status: 201, body: json, headers: { ...headers, location } };
  },
});

const read = openEndpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/competitions/:id",
  access: "optional",
  summary: "Read a competition",
  cost: "read",
  success: { status: 200, description: "The competition", schema: competitionShape },
  refusals: [404],
  async handle({ id, caller }) {
    const competition = await findCompetition({ id, viewer: caller });
    if (!competition) return refuse("not_found", NO_COMPETITION);
    return { status: 200, ...competitionAnswer(competition, { toSignedIn: caller !== null }) };
  },
});

/** The versions that a caller wants to change; undefined for any (RFC 9110, 13.1.1). */
export const ifMatch = z
  .string()
  .regex(/^\s*(?:\*|(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*)\s*$/, 'Send an ETag, such as "3".')
  .transform((header) =>
    // A weak tag is never the same; nor is one that is not ours.
    header.trim() === "*"
      ? undefined
      : [...header.matchAll(/(?<!W\/)"([1-9]\d{0,8})"/g)].map(([, version]) => Number(version)),
  )
  .optional()
  .meta({
    description: "The ETag that you read; 409 `edit_conflict` if the competition was edited since",
  });

const edit = endpoint({
  ...takesNothing,
  method: "PATCH",
  path: "/api/competitions/:id",
  access: "edit competition",
  summary: "Change some fields of your own competition",
  cost: "heavy",
  headers: z.object({ "if-match": ifMatch }),
  body: competitionChangesSchema,
  success: { status: 200, description: "The competition", schema: competitionShape },
  refusals: [404, 409],
  async handle({ id, body, user, headers }) {
    const ifVersions = headers["if-match"];
    const outcome = await editCompetition({ actor: user, id, changes: body, ifVersions });
    switch (outcome.status) {
      case "saved":
        return { status: 200, ...competitionAnswer(outcome.competition, { toSignedIn: true }) };
      case "forbidden":
      case "not_found":
      case "edit_conflict":
      case "competition_cancelled":
        return refuse(outcome.status, NOT_DONE[outcome.status]);
      case "capacity_below_taken":
        return refuse("conflict", `${outcome.taken} seats are already taken.`, {
          errors: [
            { field: "capacity", message: `At least ${outcome.taken}: that many are taken.` },
          ],
        });
      case "invalid":
        return refuseFields(outcome.fields);
    }
  },
});

const remove = endpoint({
  ...takesNothing,
  method: "DELETE",
  path: "/api/competitions/:id",
  access: "delete competition",
  summary: "Delete your own competition",
  cost: "heavy",
  headers: z.object({ "if-match": ifMatch }),
  success: { status: 204, description: "It is gone" },
  refusals: [404, 409],
  async handle({ id, user, headers }) {
    const ifVersions = headers["if-match"];
    const { status } = await deleteCompetition({ actor: user, id, ifVersions });
    return status === "deleted" ? { status: 204 } : refuse(status, NOT_DONE[status]);
  },
});

const promotions = endpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/competitions/:id/promotions",
  access: "promote from line",
  summary: "Give free seats of your own competition to the first in line, after its deadline",
  cost: "heavy",
  body: z.strictObject({
    count: z.int("Send a whole number.").min(1, "At least 1.").max(1_000, "At most 1,000."),
  }),
  success: {
    status: 200,
    description: "Who got a seat, by seat number; nobody if no seat is free or nobody waits",
    schema: z.array(promotedShape),
  },
  refusals: [404, 409],
  async handle({ id, body, user }) {
    const outcome = await promoteFromLine({ actor: user, id, count: body.count });
    if (outcome.status === "promoted") return { status: 200, body: outcome.people };
    if (outcome.status !== "still_open") return refuse(outcome.status, NOT_DONE[outcome.status]);
    return refuse(
      "conflict",
      "Registration is still open: until the deadline, free seats go to the first in line automatically.",
    );
  },
});

/** The caller was an organizer when the request came; `forbidden` tells that they no longer are. */
export const NOT_DONE = {
  forbidden: "Only organizers can do this.",
  not_found: NO_COMPETITION,
  competition_cancelled: "This competition is cancelled, and that cannot be undone.",
  edit_conflict: "It has been edited since you read it. Read it again, then decide.",
};

export const competitionEndpoints: Endpoint[] = [list, create, read, edit, remove, promotions];

/** A competition in a list, with the start of its description. */
function listedJson(view: ListedCompetition, to: { toSignedIn: boolean }) {
  return { ...competitionJson(view, to), descriptionShortened: view.descriptionShortened };
}

/** One competition, with its version as its tag. */
export function competitionAnswer(view: CompetitionView, to: { toSignedIn: boolean }) {
  return { body: competitionJson(view, to), headers: { etag: `"${view.version}"` } };
}

/** A competition as the API shows it: the organizer's email only to people who are signed in. */
function competitionJson(view: CompetitionView, { toSignedIn }: { toSignedIn: boolean }) {
  const { registrations, organizer, seatsLeft } = view;
  const { id, name, email } = organizer;
  return {
    id: view.id,
    title: view.title,
    description: view.description,
    tags: view.tags,
    capacity: view.capacity,
    waitlistLimit: view.waitlistLimit,
    opensAt: view.opensAt,
    regDeadline: view.regDeadline,
    startDate: view.startDate,
    endsAt: view.endsAt,
    timeZone: view.timeZone,
    location: view.location,
    lateEntry: view.lateEntry,
    slug: view.slug,
    status: view.status,
    cancelMessage: view.cancelMessage,
    createdById: view.createdById,
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
    organizer: toSignedIn ? { id, name, email } : { id, name },
    _count: { registrations },
    seatsLeft,
    waiting: view.waiting,
    version: view.version,
  };
}
