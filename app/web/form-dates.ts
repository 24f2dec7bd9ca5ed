import { zonedToUtc } from "~/components/datetime";
import type { FormValues } from "./forms";
import { typedDate } from "./typed";

export const DATES = ["opensAt", "regDeadline", "startDate", "endsAt"] as const;
export type DateField = (typeof DATES)[number];

/**
 * The dates that a form sends, each as "2030-07-01T18:00" if it can be read, and empty if nothing was
 * typed. A date that the form does not have is left out.
 */
export function typedDates(values: FormValues): Partial<Record<DateField, string>> {
  const typed: Partial<Record<DateField, string>> = {};
  for (const name of DATES) {
    const text = typedInto(values, name);
    if (text !== undefined) typed[name] = text;
  }
  const { startDate = "" } = typed;
  switch (presetOf(values)) {
    case "start":
      return { ...typed, regDeadline: startDate };
    case "day-before":
      return { ...typed, regDeadline: dayBefore(startDate) };
    default:
      return typed;
  }
}

/** A field's date and time, or the single text that the previous release's forms send. */
function typedInto(values: FormValues, name: DateField): string | undefined {
  const { [`${name}-date`]: date, [`${name}-time`]: time } = values;
  if (date === undefined && time === undefined) {
    return values[name] === undefined ? undefined : typedDate(values[name]);
  }
  const both = `${date?.trim() ?? ""} ${time?.trim() ?? ""}`.trim();
  return typedDate(both).replace(/T(\d):/, "T0$1:");
}

/** The same time on the day before, by the calendar. */
function dayBefore(typed: string): string {
  const [date = "", time] = typed.split("T");
  const day = new Date(`${date}T00:00Z`);
  if (time === undefined || Number.isNaN(day.getTime())) return typed;
  day.setUTCDate(day.getUTCDate() - 1);
  return `${day.toISOString().slice(0, 10)}T${time}`;
}

/** How to put right a date that cannot be read, or undefined where it can. */
export function misread(values: FormValues, name: DateField, zone: string): string | undefined {
  if (zonedToUtc(typedDates(values)[name] ?? "", zone)) return undefined;
  const isPreset = name === "regDeadline" && /^(start|day-before)$/.test(presetOf(values));
  if (isPreset) return "Enter a start date and time, or set the deadline itself.";
  const { [`${name}-date`]: date, [`${name}-time`]: time } = values;
  const what = IN_WORDS[name];
  if (date && !time) return `Enter a time for ${what}, too, such as 18:00.`;
  if (time && !date) return `Enter a date for ${what}, too, such as 2030-01-31.`;
  return `Enter a date and a time for ${what}, such as 2030-01-31 18:00.`;
}

/** The summary above the form shows what is wrong without the fields' labels. */
const IN_WORDS: Record<DateField, string> = {
  opensAt: "when registration opens",
  regDeadline: "the registration deadline",
  startDate: "the start",
  endsAt: "the end",
};

function presetOf(values: FormValues): string {
  return values["regDeadline-at"] ?? "";
}
