/** A server's time, in ms since 1970, and when it was heard, by `performance.now()`. */
export interface HeardTime {
  said: number;
  heardAt: number;
}

/**
 * The server's time by now, whatever the visitor's clock says: counted on by the time that passed here.
 * It lags by as long as the answer was on its way, and so is never ahead.
 */
export function serverNow({ said, heardAt }: HeardTime): number {
  return said + performance.now() - heardAt;
}

/**
 * The better of two: the later one, since neither is ahead. The time that passes here stands still while
 * the machine sleeps, and an answer may have waited in a cache.
 */
export function laterOf(known: HeardTime | null, heard: HeardTime): HeardTime {
  return known && serverNow(known) >= serverNow(heard) ? known : heard;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
/** So often what is further off than an hour is shown anew, in ms. */
const SLOW_TICK_MS = 30_000;

/**
 * Shows how long it is until an opening, each second from an hour before on, and 0 when it has come: once,
 * and never less.
 *
 * @returns what stops it
 */
export function countDown(options: {
  opensAt: number;
  now: () => number;
  show: (leftMs: number) => void;
}): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    const leftMs = Math.max(0, options.opensAt - options.now());
    options.show(leftMs);
    if (leftMs === 0) return;
    // Where a second ends, so that each is seen for as long as it is.
    const ms = leftMs > HOUR ? SLOW_TICK_MS : leftMs % SECOND || SECOND;
    timer = setTimeout(tick, Math.min(ms, leftMs));
  };
  tick();
  return () => clearTimeout(timer);
}

/** "4 min 05 s"; null where that would be more than an hour. */
export function shortTime(leftMs: number): string | null {
  if (leftMs > HOUR) return null;
  const seconds = Math.ceil(leftMs / SECOND);
  const rest = seconds % 60;
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(rest).padStart(2, "0")} s`;
}
