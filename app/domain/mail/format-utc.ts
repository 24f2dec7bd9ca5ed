const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "Sat 12 Dec 2026, 18:00 UTC": the reader's zone is not known, so the mail names UTC. */
export function formatUtc(date: Date): string {
  const day = `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return `${day} ${date.getUTCFullYear()}, ${date.toISOString().slice(11, 16)} UTC`;
}
