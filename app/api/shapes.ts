import * as z from "zod";
import { roleSchema } from "~/domain/accounts/index.server";
import { COMPETITION_STATUSES } from "~/domain/competitions/index.server";

/** The shapes that the OpenAPI document names once and refers to. */
export const namedShapes = z.registry<{ id: string }>();

/** As paths take it: of whatever version, since operators may bring people with ids of their own. */
const id = z.guid();
/** As accounts take it: letters of any script before the @, and signs that few addresses have. */
const email = z.string().meta({ format: "idn-email" });
const instant = z.iso.datetime();

export const userShape = z
  .object({
    id,
    email,
    name: z.string(),
    role: roleSchema,
  })
  .register(namedShapes, { id: "User" });

export const accessShape = z
  .object({
    access_token: z.jwt(),
    token_type: z.literal("Bearer"),
    expires_in: z.int().positive().meta({ description: "Seconds" }),
    user: userShape,
  })
  .register(namedShapes, { id: "Access" });

const competitionColumns = z.object({
  id,
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  capacity: z.int(),
  waitlistLimit: z.int().meta({ description: "The most people in line; 0 where there is no line" }),
  opensAt: instant.nullable().meta({ description: "When registration opens; null is at once" }),
  regDeadline: instant,
  startDate: instant.nullable(),
  endsAt: instant.nullable(),
  timeZone: z.string().meta({ description: "By whose clocks people are shown its times (IANA)" }),
  location: z.string().nullable().meta({ description: "Where it takes place: words, or a link" }),
  lateEntry: z.boolean().meta({ description: "Whether it may start before registration closes" }),
  slug: z.string().meta({ description: "Its short address: /c/ and this" }),
  status: z.enum(COMPETITION_STATUSES).meta({ description: "A draft is its organizer's alone" }),
  createdById: id,
  createdAt: instant,
  updatedAt: instant,
  version: z.int().positive().meta({ description: "Counts its edits; also its ETag" }),
});

export const competitionShape = competitionColumns
  .extend({
    organizer: z.object({
      id,
      name: z.string(),
      email: email.optional().meta({ description: "For signed-in callers only" }),
    }),
    _count: z.object({ registrations: z.int() }),
    seatsLeft: z.int(),
    cancelMessage: z
      .string()
      .nullable()
      .meta({ description: "What its organizer said when they cancelled it" }),
    waiting: z.int().meta({ description: "People in line" }),
  })
  .register(namedShapes, { id: "Competition" });

/** What lists add: they show the start of a description. */
const shortened = {
  descriptionShortened: z.boolean().meta({
    description: "Whether the description is longer than the 300 characters that lists show",
  }),
};

export const listedCompetitionShape = competitionShape
  .extend(shortened)
  .register(namedShapes, { id: "ListedCompetition" });

const registrationColumns = z.object({
  id,
  userId: id,
  competitionId: id,
  seatNo: z.int().positive(),
  registeredAt: instant,
});

export const ownRegistrationShape = registrationColumns
  .extend({ competition: competitionColumns.extend(shortened) })
  .register(namedShapes, { id: "OwnRegistration" });

export const registrationShape = registrationColumns
  .extend({
    status: z.enum(["CONFIRMED", "WAITLISTED"]),
    seatNo: z.int().positive().nullable().meta({ description: "Null for a place in line" }),
    waitlist: z.object({ placeAtJoin: z.int().positive() }).optional(),
    competition: competitionColumns,
    user: userShape,
  })
  .register(namedShapes, { id: "Registration" });

/** What somebody has in a competition. */
export const standingShape = z
  .object({
    status: z.enum(["CONFIRMED", "WAITLISTED"]),
    seatNo: z.int().positive().nullable(),
    waitlist: z
      .object({
        place: z.int().positive().meta({ description: "1 for the first in line" }),
        about: z.boolean().meta({ description: "Whether some who are joining may not be counted" }),
        joinedAt: instant,
      })
      .nullable(),
  })
  .register(namedShapes, { id: "Standing" });

export const participantShape = z
  .object({
    id,
    seatNo: z.int().positive(),
    registeredAt: instant,
    user: z.object({ id, name: z.string(), email }),
  })
  .register(namedShapes, { id: "Participant" });

export const promotedShape = z
  .object({
    id,
    seatNo: z.int().positive(),
    user: z.object({ id, name: z.string(), email }),
  })
  .register(namedShapes, { id: "Promoted" });

export const mailShape = z
  .object({
    id,
    to: z.string(),
    subject: z.string(),
    body: z.string(),
    sentAt: instant,
    jobId: z.string().nullable(),
  })
  .register(namedShapes, { id: "Mail" });

export const problemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().meta({ description: "A stable word for what is wrong" }),
    requestId: z.string(),
    place: z.int().positive().optional().meta({ description: "With `already_waiting`: in line" }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "With status 400: what is wrong with which field" }),
    opensAt: instant.optional().meta({ description: "With `not_open_yet`: when to come back" }),
  })
  .register(namedShapes, { id: "Problem" });
