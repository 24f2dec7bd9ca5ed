const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "Sat 12 Dec 2026, 18:00 UTC": mail knows no reader's zone, so it names its own. */
export function formatUtc(date: Date): string {
  const day = `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return `${day} ${date.getUTCFullYear()}, ${date.toISOString().slice(11, 16)} UTC`;
}
