import { hash } from "node:crypto";
import * as z from "zod";
import { isTimeZone, toZonedInput, zonedToUtc } from "~/components/datetime";
import type { FormErrors } from "~/components/error-summary";
import {
  type CompetitionEdits,
  type CompetitionInput,
  type CompetitionView,
  competitionSchema,
  splitTags,
  type UndatedDraft,
  undatedDraftSchema,
  writtenCompetition,
  writtenUndated,
} from "~/domain/competitions/index.server";
import { DATES, misread, typedDates } from "./form-dates";
import { errorsOf, type FormValues } from "./forms";
import { typedNumber } from "./typed";

type Parsed<T> = { status: "ok"; input: T } | { status: "refused"; errors: FormErrors };

/**
 * The form's fields for an existing competition, in its time zone; and a digest of each field, by which we
 * know later what was changed in the form.
 */
export function toCompetitionForm(competition: CompetitionView): FormValues {
  const fields = toFields(competition, competition.timeZone);
  const shown = { ...digestsOf(fields), in: competition.timeZone };
  return { ...fields, shown: JSON.stringify(shown) };
}

/** Whether it has a deadline of its own: a draft without one has the moment it was made in its place. */
export function hasDeadline(
  competition: Pick<CompetitionView, "createdAt" | "regDeadline" | "status">,
): boolean {
  return competition.status !== "draft" || competition.regDeadline > competition.createdAt;
}

function toFields(competition: CompetitionView | Written, zone: string): FormValues {
  const date = (value: Date | null | undefined) => (value ? toZonedInput(value, zone) : "");
  const isUndated = "status" in competition && !hasDeadline(competition);
  return {
    title: competition.title,
    // With line breaks as browsers keep them: programs may have sent others.
    description: competition.description.replace(/\r\n?/g, "\n"),
    tags: competition.tags.join(", "),
    location: competition.location ?? "",
    capacity: String(competition.capacity),
    waitlistLimit: String(competition.waitlistLimit ?? ""),
    startDate: date(competition.startDate),
    endsAt: date(competition.endsAt),
    opensAt: date(competition.opensAt),
    regDeadline: date(isUndated ? null : competition.regDeadline),
    lateEntry: competition.lateEntry ? "yes" : "no",
    timeZone: competition.timeZone ?? "UTC",
  };
}

function digestsOf(fields: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, digest(text)]));
}

function digest(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 11);
}

/** What is written in the form; a draft may have no deadline yet. */
type Written = CompetitionInput | UndatedDraft;

/** Reads the form of a new competition or draft. Its dates are in the time zone that it names. */
export function parseCompetitionForm(values: FormValues): Parsed<Written> {
  const isUndated = values.draft === "yes" && !typedDates(values).regDeadline;
  return parse<Written>(values, isUndated ? undatedDraftSchema : competitionSchema);
}

function parse<Read extends Written>(values: FormValues, schema: z.ZodType<Read>): Parsed<Read> {
  const zone = formZone(values);
  const dates = typedDates(values);
  const optional = (typed: string | undefined) =>
    typed ? (zonedToUtc(typed, zone)?.toISOString() ?? "") : null;
  const capacity = typedNumber(values.capacity ?? "");
  // Without a limit, a new competition's line is as long as it has seats.
  const hasLimit = Boolean(values.waitlistLimit?.trim());
  const waitlistLimit = hasLimit ? typedNumber(values.waitlistLimit ?? "") : undefined;
  const parsed = schema.safeParse({
    title: values.title ?? "",
    description: values.description ?? "",
    tags: splitTags(values.tags ?? ""),
    location: values.location ?? null,
    capacity,
    waitlistLimit,
    startDate: optional(dates.startDate),
    endsAt: optional(dates.endsAt),
    opensAt: optional(dates.opensAt),
    regDeadline: zonedToUtc(dates.regDeadline ?? "", zone)?.toISOString(),
    lateEntry: values.lateEntry === "yes",
    timeZone: values.timeZone,
    draft: values.draft === "yes" || undefined,
  });
  const isLimitNone = hasLimit && waitlistLimit === undefined;
  if (parsed.success && !isLimitNone) return { status: "ok", input: parsed.data };
  const errors = parsed.success ? {} : errorsOf(parsed.error);
  if (isLimitNone) errors.waitlistLimit = NO_LIMIT;
  // The schema speaks to programs, about numbers and RFC 3339; a person typed, or picked from a calendar.
  if (capacity === undefined) errors.capacity = NO_CAPACITY;
  for (const field of DATES) {
    if (errors[field]) errors[field] = misread(values, field, zone) ?? errors[field];
  }
  return { status: "refused", errors };
}

const NO_LIMIT =
  "Enter the waitlist limit as a whole number from 0 to 100,000. 0 means no waitlist.";
const NO_CAPACITY = "Enter the capacity as a whole number from 1 to 100,000, such as 50 or 1,000.";

/** Fields that were changed in the form, and differently elsewhere since the form was opened. */
export interface EditConflict {
  /** The form's values; sent once more it overrides what others changed. */
  values: FormValues;
  errors: FormErrors;
  /** What each of these fields says now. */
  theirs: FormValues;
}

/**
 * Reads what was changed in the form of an existing competition. Fields that nobody touched are left out:
 * they keep what others may have changed since the form was opened.
 */
export function parseCompetitionChanges(
  sent: FormValues,
  competition: CompetitionView,
): Parsed<CompetitionEdits> | ({ status: "conflict" } & EditConflict) {
  const shown = readShown(sent.shown) ?? readShown(toCompetitionForm(competition).shown) ?? {};
  const lateEntry = competition.lateEntry ? "yes" : "no";
  // A form without a zone shows dates in the zone that it was made with.
  const values: FormValues = { lateEntry, timeZone: shown.in ?? competition.timeZone, ...sent };
  // A draft may go without a deadline until it is published.
  const isDraft = competition.status === "draft" || shown.regDeadline === digest("");
  // The domain compares the dates to the millisecond; the form only knows minutes.
  const parsed =
    isDraft && values.publish !== "yes" && !typedDates(values).regDeadline
      ? parse({ ...values, draft: "yes" }, writtenUndated)
      : parse(values, writtenCompetition);
  if (parsed.status === "refused") return parsed;
  if (values.waitlistLimit?.trim() === "") {
    return { status: "refused", errors: { waitlistLimit: NO_LIMIT } };
  }
  const zone = shown.in ?? formZone(values);
  const now = toFields(competition, zone);
  // "1,000" typed over "1000" is no change; nor is it a conflict if somebody else made it "1000".
  const mine = toFields(parsed.input, zone);
  const typed: FormValues = { ...values, ...typedDates(values) };
  const isMoved = formZone(values) !== zone;
  // A form that lacks a field, such as the previous release's, changes nothing about it.
  const changed = FIELDS.filter((name) => {
    if (typed[name] === undefined || shown[name] === undefined) return false;
    // In another time zone the same words are another date.
    const said = isMoved && isDate(name) ? [mine] : [typed, mine];
    return said.every((fields) => digest(fields[name] ?? "") !== shown[name]);
  });
  const disputed = changed.filter((name) => {
    return digest(now[name] ?? "") !== shown[name] && now[name] !== mine[name];
  });
  if (disputed.length > 0) {
    const theirs = toFields(competition, formZone(values));
    return { status: "conflict", ...toConflict(values, { now, theirs, disputed }) };
  }
  const input = Object.fromEntries(changed.map((name) => [name, parsed.input[name]]));
  return { status: "ok", input };
}

const TEXTS = ["title", "description", "tags", "location"] as const;
const FIELDS = [...TEXTS, "capacity", "waitlistLimit", ...DATES, "lateEntry", "timeZone"] as const;
type Field = (typeof FIELDS)[number];

/** The digests that a form carries; null when it carries none that can be read. */
function readShown(text: string | undefined): Record<string, string> | null {
  try {
    return shownSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}

const shownSchema = z.record(z.string(), z.string());

function toConflict(
  values: FormValues,
  { now, theirs, disputed }: { now: FormValues; theirs: FormValues; disputed: Field[] },
): EditConflict {
  const current = Object.fromEntries(disputed.map((name) => [name, now[name] ?? ""]));
  const shown = { ...readShown(values.shown), ...digestsOf(current) };
  return {
    values: { ...values, shown: JSON.stringify(shown) },
    errors: Object.fromEntries(disputed.map((name) => [name, changedSince(NAMES[name])])),
    theirs: Object.fromEntries(
      disputed.map((name) => {
        const text = theirs[name] ?? "";
        return [name, isDate(name) ? inWords(text) : text];
      }),
    ),
  };
}

function isDate(name: string): boolean {
  return DATES.some((date) => date === name);
}

/** "2030-07-01T18:00", as a field for dates has it, for people. */
function inWords(date: string): string {
  return date.replace("T", " ");
}

const changedSince = (what: string) =>
  `${what} changed after you opened the form. Save again to keep yours, or copy what it says now.`;

const NAMES: Record<Field, string> = {
  title: "The title was",
  description: "The description was",
  tags: "The tags were",
  location: "The place was",
  capacity: "The capacity was",
  waitlistLimit: "The waitlist limit was",
  opensAt: "The opening of registration was",
  regDeadline: "The registration deadline was",
  startDate: "The start was",
  endsAt: "The end was",
  lateEntry: "Late entry was",
  timeZone: "The time zone was",
};

function formZone(values: FormValues): string {
  const zone = values.timeZone ?? "";
  return isTimeZone(zone) ? zone : "UTC";
}
