const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Where English has its own short names for zones: CET, EST, AEST, IST … */
const NAMING_LOCALES = ["en-GB", "en-US", "en-AU", "en-IN", "en-ZA"];

const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;

/** Whether a name is a time zone that this machine knows, such as `Europe/Paris` or `UTC`. */
export function isTimeZone(zone: string): boolean {
  // Offsets ("+01:00") are refused: they know no daylight saving time.
  if (zone.length > 64 || !/^[A-Z][\w+-]*(\/[\w+-]+){0,2}$/i.test(zone)) return false;
  try {
    formatter("en-GB", zone);
    return true;
  } catch {
    return false;
  }
}

/** The names of all zones, and UTC, which the list of the engine may lack. */
export function timeZones(): string[] {
  zones ??= [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
  return zones;
}

let zones: string[] | undefined;

/** A zone's name as lists of zones write it, whatever its case. */
export function canonicalZone(zone: string): string {
  const wanted = zone.toLowerCase();
  return timeZones().find((name) => name.toLowerCase() === wanted) ?? zone;
}

/** Whether clocks in two zones show the same at an instant, whatever the zones are called. */
export function isSameWallClock(date: Date, zone: string, other: string): boolean {
  return zone === other || toZonedInput(date, zone) === toZonedInput(date, other);
}

/** "Sat 12 Dec 2026, 18:00 CET", as the clocks in the zone show it. */
export function formatDateTime(date: Date, zone: string): string {
  const { year, month, day, hour, minute, name } = wallClock(date, zone);
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const time = `${pad(hour)}:${pad(minute)}`;
  return `${weekday} ${day} ${MONTHS[month - 1]} ${year}, ${time} ${isOffset(name) ? zoneName(date, zone) : name}`;
}

/** The zone's short name on that day: "CET" in winter, "CEST" in summer, "GMT+9" where it has none. */
export function zoneName(date: Date, zone: string): string {
  let offset: string | undefined;
  for (const locale of NAMING_LOCALES) {
    const parts = formatter(locale, known(zone)).formatToParts(date);
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
    if (!isOffset(name)) return name;
    offset ??= name;
  }
  return offset ?? zone;
}

/** Whether a zone's name is only what one calculates in a locale that has none for it. */
function isOffset(name: string): boolean {
  return /^(GMT|UTC)[+-]/.test(name);
}

/** "2026-12-12T18:00": what clocks in the zone show, as fields for dates and times write it. */
export function toZonedInput(date: Date, zone: string): string {
  const { year, month, day, hour, minute } = wallClock(date, zone);
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`;
}

/**
 * The instant that such a value means in the zone, or null when it is no date.
 *
 * As in Temporal's "compatible" reading: a time that the clocks skip in spring moves forward by
 * what they skip; one that they show twice in autumn is the first of the two.
 */
export function zonedToUtc(value: string, zone: string): Date | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?$/.exec(value);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls 30 February over into March; what does not come back as it went in is no date.
  if (new Date(wall).toISOString().slice(0, 19) !== `${value.slice(0, 16)}:${pad(second)}`) {
    return null;
  }
  const offsetBefore = offsetMs(new Date(wall - DAY), zone);
  const offsetAfter = offsetMs(new Date(wall + DAY), zone);
  const candidates = [wall - offsetBefore, wall - offsetAfter]
    .filter((instant) => instant + offsetMs(new Date(instant), zone) === wall)
    .sort((a, b) => a - b);
  return new Date(candidates[0] ?? wall - offsetBefore);
}

/** How far the zone's clocks are ahead of UTC at an instant, in ms. */
function offsetMs(date: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(date, zone);
  const wholeSeconds = Math.floor(date.getTime() / SECOND) * SECOND;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSeconds;
}

function wallClock(date: Date, zone: string) {
  const fields = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  let name = zone;
  for (const { type, value } of formatter("en-GB", known(zone)).formatToParts(date)) {
    if (type in fields) fields[type as keyof typeof fields] = Number(value);
    else if (type === "timeZoneName") name = value;
  }
  return { ...fields, name };
}

/** A zone that one machine knows may be news to another: an old browser shows UTC then. */
function known(zone: string): string {
  return isTimeZone(zone) ? zone : "UTC";
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes far longer than using it. */
function formatter(locale: string, zone: string): Intl.DateTimeFormat {
  const name = `${locale} ${zone}`;
  const known = formatters.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    timeZoneName: "short",
  });
  // The name comes from a cookie: its spellings must not fill the memory.
  if (formatters.size >= 1_000) formatters.clear();
  formatters.set(name, made);
  return made;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
