import { isTimeZone, toZonedInput, zonedToUtc } from "~/components/datetime";
import type { FormErrors } from "~/components/error-summary";
import {
  type CompetitionChanges,
  type CompetitionInput,
  type CompetitionView,
  competitionSchema,
  type EditOutcome,
  splitTags,
} from "~/domain/competitions/index.server";
import { errorsOf, type FormValues, firstOfEach, formAgain } from "./forms";
import { notFound } from "./pages";

type Parsed<T> = { status: "ok"; input: T } | { status: "refused"; errors: FormErrors };

/** The fields of the form as they show an existing competition, by the clocks of `zone`. */
export function toCompetitionForm(competition: CompetitionView, zone: string): FormValues {
  return {
    title: competition.title,
    description: competition.description,
    tags: competition.tags.join(", "),
    capacity: String(competition.capacity),
    regDeadline: toZonedInput(competition.regDeadline, zone),
    startDate: competition.startDate ? toZonedInput(competition.startDate, zone) : "",
    timeZone: zone,
  };
}

/** Reads the form of a new competition. Its dates are by the clocks of the zone that it names. */
export function parseCompetitionForm(values: FormValues): Parsed<CompetitionInput> {
  const zone = formZone(values);
  const dates = { regDeadline: values.regDeadline ?? "", startDate: values.startDate ?? "" };
  const parsed = competitionSchema.safeParse({
    title: values.title ?? "",
    description: values.description ?? "",
    tags: splitTags(values.tags ?? ""),
    capacity: toNumber(values.capacity ?? ""),
    regDeadline: zonedToUtc(dates.regDeadline, zone)?.toISOString(),
    startDate: dates.startDate ? (zonedToUtc(dates.startDate, zone)?.toISOString() ?? "") : null,
  });
  if (parsed.success) return { status: "ok", input: parsed.data };
  const errors = errorsOf(parsed.error);
  // The schema speaks to programs about RFC 3339; a person picked from a calendar.
  for (const field of ["regDeadline", "startDate"] as const) {
    if (errors[field] && zonedToUtc(dates[field], zone) === null) {
      errors[field] = "Enter a date and a time.";
    }
  }
  return { status: "refused", errors };
}

/** Reads the form of an existing competition into what really changed. */
export function parseCompetitionChanges(
  values: FormValues,
  competition: CompetitionView,
): Parsed<CompetitionChanges> {
  const parsed = parseCompetitionForm(values);
  if (parsed.status === "refused") return parsed;
  const shown = toCompetitionForm(competition, formZone(values));
  const { regDeadline, startDate, ...changes } = parsed.input;
  return {
    status: "ok",
    input: {
      ...changes,
      // The form shows minutes: a date that was left alone must keep its seconds.
      ...(values.regDeadline === shown.regDeadline ? {} : { regDeadline }),
      ...((values.startDate ?? "") === shown.startDate ? {} : { startDate }),
    },
  };
}

/** The form again for changes that cannot be made, with the reason at the field. */
export function editRefusal(
  outcome: Exclude<EditOutcome, { status: "saved" }>,
  values: FormValues,
) {
  switch (outcome.status) {
    case "forbidden":
    case "not_found":
      throw notFound();
    case "capacity_below_taken": {
      const seats = outcome.taken === 1 ? "1 seat is" : `${outcome.taken} seats are`;
      const capacity = `${seats} taken, so there cannot be fewer.`;
      return formAgain({ values, errors: { capacity } }, 409);
    }
    case "invalid":
      return formAgain({ values, errors: firstOfEach(outcome.fields) });
  }
}

function formZone(values: FormValues): string {
  const zone = values.timeZone ?? "";
  return isTimeZone(zone) ? zone : "UTC";
}

/** A whole number, its thousands apart as people write them: "1,000", "1 000", "1'000". */
function toNumber(text: string): number | undefined {
  const written = text.normalize("NFKC").trim();
  if (!/^(?:\d{1,9}|\d{1,3}(?:[, '’]\d{3}){1,2})$/.test(written)) return undefined;
  return Number(written.replace(/\D/g, ""));
}
