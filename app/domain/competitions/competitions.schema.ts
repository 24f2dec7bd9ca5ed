import * as z from "zod";
import { hasHiddenCharacters, hasLink } from "~/platform/words";

export const MAX_CAPACITY = 100_000;
export const MAX_TAGS = 10;

/**
 * C0 and C1 control characters but for the layout, of which Postgres refuses NUL, and those that turn
 * the direction of what follows. Text marks of right-to-left scripts may stay: a description stands
 * in a block of its own, and goes into no mail.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/;

const line = (min: number, max: number, what: string) =>
  z
    .string({ error: `${what} is required` })
    .trim()
    .min(min, `${what} is required`)
    .max(max, { error: `${what} must have at most ${max} characters`, abort: true })
    .refine(
      (value) => !hasHiddenCharacters(value),
      `${what} must be one line of plain text, without invisible characters`,
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
    .refine((date) => date.getUTCFullYear() >= 2000, `${what} must be after the year 2000`);

const tag = line(1, 30, "A tag").toLowerCase();

/** The fields of a competition that its organizer writes, each with its rule. */
export const competitionFields = z.strictObject({
  // It goes into the mail of everybody who registers.
  title: line(1, 200, "A title").refine(
    (value) => !hasLink(value),
    "A title must have no web or email address in it; the description may",
  ),
  description: z
    .string({ error: "A description is required" })
    .trim()
    .min(1, "A description is required")
    .max(10_000, "The description must have at most 10,000 characters")
    .refine((value) => !NOT_IN_TEXT.test(value), "The description must be plain text"),
  tags: z
    .array(tag, { error: "Tags must be a list of words" })
    .transform((tags) => [...new Set(tags)])
    .refine((tags) => tags.length <= MAX_TAGS, `At most ${MAX_TAGS} tags`),
  capacity: z
    .number({ error: "Capacity must be a number" })
    .int("Capacity must be a whole number")
    .min(1, "Capacity must be at least 1")
    .max(MAX_CAPACITY, "Capacity must be at most 100,000"),
  regDeadline: instant("The registration deadline"),
  startDate: instant("The start date").nullable(),
});

export const START_BEFORE_DEADLINE = "The start date must not be before the registration deadline";

/** What creates a competition. Whether its deadline is ahead, the database's clock decides later. */
export const competitionSchema = competitionFields
  .extend({
    tags: competitionFields.shape.tags.default([]),
    startDate: competitionFields.shape.startDate.default(null),
  })
  .refine(({ startDate, regDeadline }) => startDate === null || startDate >= regDeadline, {
    path: ["startDate"],
    message: START_BEFORE_DEADLINE,
  });

/** What edits one: only what is given changes. The order of its dates is checked with those kept. */
export const competitionChangesSchema = competitionFields.partial();

export type CompetitionInput = z.output<typeof competitionSchema>;
export type CompetitionChanges = z.output<typeof competitionChangesSchema>;

/** The words of a tag field, separated by commas, without empty ones. */
export function splitTags(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
