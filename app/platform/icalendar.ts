/** The value of a property: text is escaped, a date is an instant in UTC, what is verbatim stays. */
type Value = string | number | Date | { verbatim: string };

/** A property's name, with its parameters, and its value. */
export type Property = [name: string, value: Value];

/**
 * Writes a calendar (RFC 5545) of its own properties and those of its events: lines of at most 75
 * octets that end in CRLF. Instants are in UTC, so no time zone has to be described.
 */
export function writeCalendar(properties: Property[], events: Property[][]): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    ...properties.map(write),
    ...events.flatMap((event) => ["BEGIN:VEVENT", ...event.map(write), "END:VEVENT"]),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

function write([name, value]: Property): string {
  return `${name}:${written(value)}`;
}

function written(value: Value): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escaped(value);
  return value instanceof Date ? instant(value) : value.verbatim;
}

/** "20261212T170000Z" */
function instant(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Line breaks become `\n`; other control characters, which no text may hold, are left out. */
function escaped(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
      .replace(/[\\;,]/g, "\\$&")
      .replaceAll("\n", "\\n")
  );
}

/** Without its CRLF. */
const MOST_OCTETS = 75;

/**
 * Cuts a long line into several, of which each but the first begins with a space. Octets count, not
 * letters, and no letter is cut: readers that decode line by line would show garbage.
 */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= MOST_OCTETS) return line;
  let folded = "";
  let octets = 0;
  for (const letter of line) {
    const more = Buffer.byteLength(letter);
    if (octets + more > MOST_OCTETS) {
      folded += "\r\n ";
      octets = 1;
    }
    folded += letter;
    octets += more;
  }
  return folded;
}
