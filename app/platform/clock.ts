/**
 * The application's wall clock. Nothing that decides about a seat may use it: holds and deadlines
 * are judged by Redis' and Postgres' clocks, since a web host's may be hours off.
 */
export function now(): Date {
  return new Date(Date.now() + offsetMs);
}

const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0) || 0;
