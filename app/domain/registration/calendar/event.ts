import { LRUCache } from "lru-cache";
import { publicUrl } from "~/platform/env";
import { type Property, writeCalendar } from "~/platform/icalendar";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { IS_PUBLIC_SQL, lostStartSql } from "../../competitions/conditions.sql";

/** What calendars show of a competition. */
export interface CalendarFacts {
  id: string;
  title: string;
  startDate: Date | null;
  endsAt: Date | null;
  location: string | null;
  /** Counts the changes that calendars must hear of. */
  calendarSequence: number;
  updatedAt: Date;
}

/** How calendars show it to somebody. */
export interface EventState {
  status: "CONFIRMED" | "TENTATIVE" | "CANCELLED";
  /** When the competition, or somebody's part in it, changed last. */
  changedAt: Date;
  seatNo?: number | null;
  /** How often their part in it has changed, which the competition's own sequence does not tell. */
  changes?: number;
}

const PRODUCT: Property = ["PRODID", "-//Mini Compete//Mini Compete//EN"];
/** A cancelled event stays in calendars this long: some programs keep events that just vanish. Days. */
export const OFF_SHOWN_DAYS = 30;
/** How long an event without an end is shown, milliseconds. */
const SHOWN_MS = 3_600_000;

/**
 * A calendar with a competition's event; null where nobody knows when it starts.
 *
 * Always `PUBLISH`, or `CANCEL` in mail about a cancellation, and without people: an event that names an
 * organizer makes mail programs ask the reader for an answer, and send it.
 */
export function writeEvent(
  competition: CalendarFacts,
  method: "PUBLISH" | "CANCEL" = "PUBLISH",
): string | null {
  if (!competition.startDate) return null;
  // A crowd's mail is about one competition.
  const key = JSON.stringify([method, publicUrl(), competition]);
  const known = written.get(key);
  if (known !== undefined) return known;
  const status = method === "CANCEL" ? "CANCELLED" : "CONFIRMED";
  const event = eventOf(competition, { status, changedAt: competition.updatedAt });
  if (!event) return null;
  const file = writeFile([["METHOD", method]], [event]);
  written.set(key, file);
  return file;
}

/**
 * What takes a competition's event out of its participant's calendar, even if it has lost its start since;
 * null where they never knew of a start.
 */
export async function writeEventOff(
  registrationId: string,
  competition: CalendarFacts,
): Promise<string | null> {
  const startDate = competition.startDate ?? (await findLostStart(registrationId));
  return writeEvent({ ...competition, startDate }, "CANCEL");
}

async function findLostStart(registrationId: string): Promise<Date | null> {
  const [row] = await database().execute<{ start: string | null }[]>(
    `select ${lostStartSql("?")} as start
       from registration r join competition c on c.id = r.competition_id where r.id = ?`,
    [OFF_SHOWN_DAYS, registrationId],
  );
  return row?.start ? new Date(row.start) : null;
}

/** The files written last, by what they contain. */
const written = new LRUCache<string, string>({ max: 100 });

/** The file of a competition that is not deleted; null where there is none, or no start. */
export async function findEventFile({ id }: { id: string }): Promise<string | null> {
  if (!isUuid(id)) return null;
  const [row] = await database().execute<(CalendarRow & { cancelled: boolean })[]>(
    `select ${CALENDAR_COLUMNS_SQL}, c.cancelled_at is not null as cancelled
       from competition c where c.id = ? and ${IS_PUBLIC_SQL}`,
    [id],
  );
  return row ? writeEvent(toCalendarFacts(row), row.cancelled ? "CANCEL" : "PUBLISH") : null;
}

/** Where that file is. */
export function eventUrl(id: string): string {
  return `${publicUrl()}/competitions/${id}/event.ics`;
}

/** A calendar of events. @param properties its own, beside what every calendar of ours has */
export function writeFile(properties: Property[], events: Property[][]): string {
  return writeCalendar([PRODUCT, ["CALSCALE", "GREGORIAN"], ...properties], events);
}

/** A competition as an event; null where nobody knows when it starts. */
export function eventOf(competition: CalendarFacts, state: EventState): Property[] | null {
  const { id, title, startDate: start, endsAt, location, calendarSequence } = competition;
  if (!start) return null;
  const url = `${publicUrl()}/competitions/${id}`;
  const seat = state.seatNo ? `Your seat: ${state.seatNo}\n` : "";
  return [
    // From the settings, never from a request: under another host name it would be another event.
    ["UID", { verbatim: `competition-${id}@${new URL(publicUrl()).hostname}` }],
    ["DTSTAMP", state.changedAt],
    ["LAST-MODIFIED", state.changedAt],
    ["SEQUENCE", calendarSequence + (state.changes ?? 0)],
    ["DTSTART", start],
    ["DTEND", endsAt ?? new Date(start.getTime() + SHOWN_MS)],
    ["SUMMARY", title],
    ...(location === null ? [] : [["LOCATION", location] satisfies Property]),
    ["DESCRIPTION", `${seat}${url}`],
    ["URL", { verbatim: url }],
    ["STATUS", state.status],
  ];
}

/**
 * The facts for one person's mail, which says as much of their part in it as their own calendar does.
 *
 * @param part how often it has changed (`PART_CHANGES_SQL`), and when it did last
 */
export function toOwnFacts<Facts extends CalendarFacts>(
  competition: Facts,
  { changes, changedAt }: { changes: number; changedAt: Date },
): Facts {
  // A crowd's mail is about one competition, so its event is written once.
  if (changes === 0) return competition;
  return {
    ...competition,
    calendarSequence: competition.calendarSequence + changes,
    updatedAt: changedAt > competition.updatedAt ? changedAt : competition.updatedAt,
  };
}

/**
 * SQL for how often somebody's part in a competition has changed since they first had one: they came
 * back, were given a seat, or gave up what they had. It only grows: calendars ignore a lower number.
 */
export const PART_CHANGES_SQL = `(count(*) - 1 + count(promoted_at)
  + count(*) filter (where status = 'CANCELLED'))::int`;

/**
 * SQL for the same for the person of a registration `r`, found by the person's index. Without table
 * statistics the competition's index would look as good, and a whole crowd would be read for each person.
 */
export const CHANGES_OF_SQL = `(select ${PART_CHANGES_SQL} from registration b
  where b.user_id = r.user_id and b.competition_id::text = r.competition_id::text)`;

/** SQL for `CalendarFacts` of a competition `c`. */
export const CALENDAR_COLUMNS_SQL = `c.id, c.title, c.start_date as "startDate",
  c.ends_at as "endsAt", c.location,
  c.calendar_sequence as "calendarSequence", c.updated_at as "updatedAt"`;

type Instant = "startDate" | "endsAt" | "updatedAt";

/** The driver gives timestamps as text. */
export interface CalendarRow extends Omit<CalendarFacts, Instant> {
  startDate: string | null;
  endsAt: string | null;
  updatedAt: string;
}

export function toCalendarFacts(row: CalendarRow): CalendarFacts {
  const { id, title, location, calendarSequence } = row;
  const startDate = row.startDate === null ? null : new Date(row.startDate);
  const endsAt = row.endsAt === null ? null : new Date(row.endsAt);
  const updatedAt = new Date(row.updatedAt);
  return { id, title, startDate, endsAt, location, calendarSequence, updatedAt };
}
