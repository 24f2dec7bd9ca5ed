import * as z from "zod";
import { isForeignLink } from "~/platform/web-link";
import {
  hasHiddenCharacters,
  hasLink,
  hasPiledAccents,
  isBlank,
  mayBeNormalized,
} from "~/platform/words";
import { canonicalZone, isTimeZone } from "~/platform/zoned-time";

export const MAX_CAPACITY = 100_000;
export const MAX_WAITLIST = 100_000;
export const MAX_TAGS = 10;
export const MAX_DESCRIPTION = 10_000;
export const DESCRIPTION_TOO_LONG = "The description must have at most 10,000 characters";

/**
 * Control characters (C0 and C1) except for layout, and those that change the direction of what follows.
 * Postgres refuses NUL. The marks of right-to-left scripts may stay: a description stands in a block of
 * its own, and never in mail.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/;

const FEW_ACCENTS = "must have at most 8 accents on one letter";

/** Composes accents, which keyboards type in different ways, so that a search finds the text. */
const text = (what: string, missing: string) =>
  z
    .string({ error: missing })
    .refine(mayBeNormalized, { error: `${what} ${FEW_ACCENTS}`, abort: true })
    .normalize("NFC")
    .trim();

const line = (min: number, max: number, what: string, start = text(what, `${what} is required`)) =>
  start
    .min(min, `${what} is required`)
    .max(max, { error: `${what} must have at most ${max} characters`, abort: true })
    .refine(
      (value) => !hasHiddenCharacters(value),
      `${what} must be one line of plain text, without invisible characters`,
    )
    .refine((value) => !hasPiledAccents(value), `${what} ${FEW_ACCENTS}`)
    .refine(
      (value) => value === "" || hasHiddenCharacters(value) || !isBlank(value),
      `${what} must have something in it that can be seen`,
    );

/** An instant as RFC 3339 writes it, with `Z` or an offset; a `Date` after parsing. */
const instant = (what: string) =>
  z.iso
    .datetime({
      offset: true,
      // Stop here: the order of the dates cannot be checked with a value that is not a date.
      abort: true,
      error: `${what} must be a date and time with its zone, such as 2030-01-31T18:00:00Z`,
    })
    .transform((value) => new Date(value))
    .refine((date) => date.getUTCFullYear() >= 2000, `${what} must be after the year 2000`)
    // One year before 9999, so that the year has four digits in every time zone.
    .refine((date) => date.getUTCFullYear() < 9999, {
      error: `${what} must be before the year 9999`,
      abort: true,
    });

const LONGEST_TAG = 30;
const NO_TAG = "A tag is required";

// In lower case before it is measured: some letters become two.
const tag = line(1, LONGEST_TAG, "A tag", text("A tag", NO_TAG).toLowerCase())
  // The form separates tags with commas, so this one would come back as two.
  .refine((value) => !/[,，،、]/.test(value), "A tag must not contain a comma");

const FEW_TAGS = `At most ${MAX_TAGS} tags`;
/** Repeated tags count once, so a few more may be sent. */
const MOST_JUDGED = 100;

const NO_ZONE = "The time zone must be one of the IANA database, such as Europe/Paris or UTC";
const NO_LINK =
  "A link must be a whole address that begins with https:// or http://, without a password";

/** The fields of a competition that its organizer writes, each with its rule. */
export const competitionFields = z.strictObject({
  // It goes into the mail of everybody who registers.
  title: line(1, 200, "A title").refine(
    (value) => !hasLink(value),
    "A title must not contain a web or email address; put it in the description",
  ),
  description: text("The description", "A description is required")
    .min(1, "A description is required")
    .max(MAX_DESCRIPTION, { error: DESCRIPTION_TOO_LONG, abort: true })
    .refine(
      (value) => !NOT_IN_TEXT.test(value),
      "The description must not contain control characters, or characters that change the direction of text",
    )
    .refine((value) => !hasPiledAccents(value), `The description ${FEW_ACCENTS}`)
    .refine(
      (value) => value === "" || !isBlank(value),
      "The description must contain something visible",
    ),
  tags: z
    .array(z.string({ error: NO_TAG }).meta({ minLength: 1, maxLength: LONGEST_TAG }), {
      error: "Tags must be a list of words",
    })
    // Each tag is checked, and a body can hold thousands.
    .refine((tags) => tags.length <= MOST_JUDGED, { error: FEW_TAGS, abort: true })
    .pipe(z.array(tag))
    .transform((tags) => [...new Set(tags)])
    .refine((tags) => tags.length <= MAX_TAGS, FEW_TAGS),
  capacity: z
    .number({ error: "Capacity must be a number" })
    .int("Capacity must be a whole number")
    .min(1, "Capacity must be at least 1")
    .max(MAX_CAPACITY, "Capacity must be at most 100,000"),
  waitlistLimit: z
    .number({ error: "The waitlist limit must be a number" })
    .int("The waitlist limit must be a whole number")
    .min(0, "The waitlist limit must not be negative; 0 means no waitlist")
    .max(MAX_WAITLIST, "The waitlist limit must be at most 100,000")
    .optional(),
  opensAt: instant("The opening").nullable(),
  regDeadline: instant("The registration deadline"),
  startDate: instant("The start date").nullable(),
  endsAt: instant("The end").nullable(),
  timeZone: z
    .string({ error: NO_ZONE })
    .refine(isTimeZone, NO_ZONE)
    .transform((zone) => canonicalZone(zone)),
  location: line(0, 300, "The place")
    .refine((value) => !isForeignLink(value), NO_LINK)
    .transform((value) => value || null)
    .nullable(),
  lateEntry: z.boolean({ error: "Late entry must be true or false" }),
});

/** The dates of a competition, and whether it takes people after its start. */
interface Order {
  regDeadline: Date;
  startDate: Date | null;
  lateEntry: boolean;
}

/**
 * Whether the start is before the deadline without late entry being allowed. Compared by the minute, as
 * both are shown: a deadline of 23:59:59 is not after a start at 23:59.
 */
export function startsTooEarly({ startDate, regDeadline, lateEntry }: Order): boolean {
  return !lateEntry && startDate !== null && minuteOf(startDate) < minuteOf(regDeadline);
}

function minuteOf(date: Date): number {
  return Math.floor(date.getTime() / 60_000);
}

export const START_BEFORE_DEADLINE =
  "The start date must not be before the registration deadline, unless late entry is allowed";

/** What is wrong with an end, or undefined. */
export function wrongEnd(startDate: Date | null, endsAt: Date | null): string | undefined {
  if (endsAt === null) return undefined;
  if (startDate === null) return "An end needs a start date: set one, too";
  return endsAt <= startDate ? "The end must be after the start date" : undefined;
}

/** Whether registration would open when it has closed already. */
export function opensTooLate(opensAt: Date | null, regDeadline: Date): boolean {
  return opensAt !== null && opensAt >= regDeadline;
}

export const OPENS_AFTER_DEADLINE = "Registration must open before its deadline";
export const OPENS_WITHOUT_DEADLINE = "An opening needs a registration deadline: set one, too";

/** What an organizer says when they cancel. It goes into the mail of everybody, as the title does. */
export const cancelMessage = text("The message", "The message must be text")
  .max(1_000, { error: "The message must have at most 1,000 characters", abort: true })
  .refine(
    (value) => !NOT_IN_TEXT.test(value),
    "The message must not contain control characters, or characters that change the direction of text",
  )
  .refine((value) => !hasPiledAccents(value), `The message ${FEW_ACCENTS}`)
  .refine(
    (value) => !hasLink(value),
    "The message must not contain a web or email address, since it goes out by email",
  )
  .transform((value) => (isBlank(value) ? null : value));

/** All fields of a competition, with defaults. The order of its dates is not checked here. */
export const writtenCompetition = competitionFields.extend({
  tags: competitionFields.shape.tags.default([]),
  opensAt: competitionFields.shape.opensAt.default(null),
  startDate: competitionFields.shape.startDate.default(null),
  endsAt: competitionFields.shape.endsAt.optional(),
  timeZone: competitionFields.shape.timeZone.optional(),
  location: competitionFields.shape.location.optional(),
  lateEntry: competitionFields.shape.lateEntry.optional(),
  draft: z
    .boolean({ error: "draft must be true or false" })
    .optional()
    .meta({ description: "Nobody but you sees it until you publish it" }),
});

/** What creates a competition. The database's clock decides later whether its deadline is ahead. */
export const competitionSchema = writtenCompetition
  .refine(({ opensAt, regDeadline }) => !opensTooLate(opensAt, regDeadline), {
    path: ["opensAt"],
    message: OPENS_AFTER_DEADLINE,
  })
  .refine(({ lateEntry = false, ...dates }) => !startsTooEarly({ ...dates, lateEntry }), {
    path: ["startDate"],
    message: START_BEFORE_DEADLINE,
  })
  .superRefine(refuseWrongEnd);

/** The same for a draft without a deadline. */
export const writtenUndated = writtenCompetition.extend({
  regDeadline: z.null().default(null),
  draft: z.literal(true),
});

/** What creates such a draft. */
export const undatedDraftSchema = writtenUndated
  .refine(({ opensAt }) => opensAt === null, {
    path: ["opensAt"],
    message: OPENS_WITHOUT_DEADLINE,
  })
  .superRefine(refuseWrongEnd);

function refuseWrongEnd(
  { startDate, endsAt = null }: { startDate: Date | null; endsAt?: Date | null | undefined },
  context: z.RefinementCtx,
): void {
  const message = wrongEnd(startDate, endsAt);
  if (message) context.addIssue({ code: "custom", path: ["endsAt"], message });
}

/** What edits one: only what is given changes. The order of dates is checked later, with those that stay. */
export const competitionChangesSchema = competitionFields.partial();

export type CompetitionInput = z.output<typeof competitionSchema>;
export type UndatedDraft = z.output<typeof undatedDraftSchema>;
export type CompetitionChanges = z.output<typeof competitionChangesSchema>;

/** The tags in a form field, separated by commas of any script, without empty ones. */
export function splitTags(text: string): string[] {
  return text
    .split(/[,，،、]/)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
