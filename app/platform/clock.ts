/**
 * The application's wall clock. Nothing that decides about a seat may use it: holds and deadlines
 * are judged by Redis' and Postgres' clocks, since a web host's may be hours off.
 */
export function now(): Date {
  return new Date(Date.now() + offsetMs);
}

const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0) || 0;

/** What another server's clock said, in ms since 1970, at some moment between asking and hearing it. */
export interface ServerClock {
  said: number;
  askedAt: number;
  heardAt: number;
}

/**
 * What that clock says by now, in ms since 1970: what it said plus the time that has passed here, which is
 * right even if this machine's clock is not. It lags by as long as the answer was on its way.
 */
export function clockNow({ said, heardAt }: ServerClock): number {
  return said + performance.now() - heardAt;
}
