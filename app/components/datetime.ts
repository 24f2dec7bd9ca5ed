import { formatDateTime, isSameWallClock } from "~/platform/zoned-time";

export {
  formatDateTime,
  isTimeZone,
  toZonedInput,
  zonedToUtc,
  zoneName,
} from "~/platform/zoned-time";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The visitor's own time: "12:00 EST", with the date if that differs. Null if their clocks show the same as
 * those of `zone`.
 */
export function yourTime(date: Date, zone: string, visitors: string): string | null {
  if (isSameWallClock(date, zone, visitors)) return null;
  const [day, time = ""] = formatDateTime(date, visitors).split(", ");
  return formatDateTime(date, zone).startsWith(`${day},`) ? time : `${day}, ${time}`;
}

/** Each unit, with the count from which the next one is used. */
const UNITS = [
  { unit: "hour", ms: HOUR, most: 48 },
  { unit: "day", ms: DAY, most: 60 },
  { unit: "month", ms: 30.44 * DAY, most: 24 },
  { unit: "year", ms: 365.25 * DAY, most: Number.POSITIVE_INFINITY },
];

/**
 * "in 3 days", "5 minutes ago", "just now": rounded, as people do. Within an hour it is rounded down, so that
 * nobody is promised more time than is left.
 */
export function formatRelative(date: Date, now: Date): string {
  const distance = date.getTime() - now.getTime();
  const size = Math.abs(distance);
  if (size < MINUTE) return distance >= 0 ? "in under a minute" : "just now";
  const { count, unit } = inUnits(size);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return distance >= 0 ? `in ${words}` : `${words} ago`;
}

function inUnits(size: number): { count: number; unit: string } {
  if (size < HOUR) return { count: Math.floor(size / MINUTE), unit: "minute" };
  const counts = UNITS.map(({ unit, ms, most }) => ({ unit, count: Math.round(size / ms), most }));
  return counts.find(({ count, most }) => count < most) ?? { count: 0, unit: "year" };
}
