import { LRUCache } from "lru-cache";
import { linkOf } from "~/platform/web-link";
import { hasLink, plainWords } from "~/platform/words";
import { formatDateTime, isSameWallClock, toZonedInput } from "~/platform/zoned-time";

/** When a competition takes place, by whose clocks, and where. */
export interface WhenAndWhere {
  startDate: Date | null;
  endsAt: Date | null;
  timeZone: string;
  location: string | null;
}

/**
 * When and where it is, as lines of a mail. The reader's time zone is unknown, so UTC stands beside the
 * competition's. Links are left out: mail carries none but its own.
 */
export function whenAndWhere(competition: WhenAndWhere): [label: string, value: string][] {
  const { startDate, endsAt, timeZone, location } = competition;
  const lines: [string, string][] = [
    ["Starts", startDate ? inItsZone(startDate, timeZone) : "to be announced"],
  ];
  if (endsAt) lines.push(["Ends", inItsZone(endsAt, timeZone)]);
  if (location) lines.push(["Place", placeInMail(location)]);
  return lines;
}

/** A place as mail names it: links are left to its page. */
export function placeInMail(location: string): string {
  if (linkOf(location)) return "online: its page has the link";
  return hasLink(location) ? `${plainWords(location)} (its page has the link)` : location;
}

/** "Sat 12 Dec 2026, 18:00 CET (17:00 UTC)", with the date in UTC where that differs. */
export function inItsZone(date: Date, zone: string): string {
  // A crowd's mail is about one competition.
  const key = `${date.getTime()} ${zone}`;
  const known = told.get(key);
  if (known !== undefined) return known;
  const text = tellInItsZone(date, zone);
  told.set(key, text);
  return text;
}

/** The instants formatted last. */
const told = new LRUCache<string, string>({ max: 1_000 });

function tellInItsZone(date: Date, zone: string): string {
  const local = formatDateTime(date, zone);
  if (isSameWallClock(date, zone, "UTC")) return local;
  const [day, time = ""] = date.toISOString().split("T");
  const isSameDay = toZonedInput(date, zone).startsWith(`${day}T`);
  return `${local} (${isSameDay ? `${time.slice(0, 5)} UTC` : formatDateTime(date, "UTC")})`;
}
