const DAY_MS = 24 * 3_600_000;

/** The day of a date, as its clocks in UTC show it: "2026-12-31". */
export function utcDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/**
 * The window that a run covers: competitions that start from now on, until the end of the next day in
 * UTC. Whatever a run before it has missed is in it until it has started.
 */
export function reminderWindow(date: Date): { from: Date; to: Date } {
  const startOfDay = Date.parse(`${utcDay(date)}T00:00:00Z`);
  return { from: date, to: new Date(startOfDay + 2 * DAY_MS) };
}
