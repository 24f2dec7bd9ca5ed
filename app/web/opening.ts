import { clockNow, type ServerClock } from "~/platform/clock";
import type { StandIn } from "./stand-in";

/** What changes about a competition by itself, and the clock that decides when. */
interface Changing {
  opensAt: Date | null;
  regDeadline: Date;
  clock: ServerClock;
}

/** Whether people can register, in the words that open pages know, those of an earlier release included. */
export type SeatState = "opens" | "open" | "full" | "closed";

/** The same for any competition: nobody can register for a draft, or a cancelled one. */
export function seatStateOf({ state }: { state: SeatState | "draft" | "cancelled" }): SeatState {
  return state === "draft" || state === "cancelled" ? "closed" : state;
}

/** From how long before an opening until how long after it pages ask more often. Milliseconds. */
const AROUND_MS = { before: 60_000, after: 30_000 };

/** Whether a competition opens soon, or has opened a moment ago. */
export function isAroundOpening({ opensAt, clock }: Changing): boolean {
  if (!opensAt) return false;
  const inMs = opensAt.getTime() - clockNow(clock);
  return inMs < AROUND_MS.before && inMs > -AROUND_MS.after;
}

/**
 * When it opens or closes next, by `performance.now()`: what a page says of it is true until then. Never
 * too late; too early by as long as the clock's answer took. Undefined if nothing changes by itself.
 */
export function endOf({ opensAt, regDeadline, clock }: Changing): number | undefined {
  const { said, askedAt } = clock;
  const next = [opensAt, regDeadline]
    .map((date) => (date ? date.getTime() - said : 0))
    .filter((inMs) => inMs > 0);
  // The clock tells whole milliseconds.
  return next.length > 0 ? askedAt + Math.min(...next) - 1 : undefined;
}

/** Notes how long a page's view of these competitions stays true. */
export function notePageEnds(standIn: StandIn | undefined, shown: Changing[]): void {
  if (!standIn) return;
  const ends = shown.map(endOf).filter((end) => end !== undefined);
  if (ends.length > 0) standIn.until = Math.min(...ends, standIn.until ?? Number.POSITIVE_INFINITY);
}

/** From how long before an opening a page without scripts reloads itself. Milliseconds. */
const RELOADED_FROM_MS = 600_000;
/** How late after the opening it may do so, since everybody's does; the time is rounded up. Seconds. */
const SPREAD_S = 1;
/** No page reloads itself sooner than this, seconds. */
const SOONEST_S = 5;

/**
 * What a page needs before an opening: the server's time when the page is sent, how long it was until the
 * opening when the page was made, and in how many seconds it reloads itself without scripts. On a kept
 * page, each visitor gets their own times.
 */
export function beforeOpening(
  { opensAt, state, clock }: Changing & { state: string },
  standIn: StandIn | undefined,
) {
  if (state !== "opens" || !opensAt) return { made: null };
  const each = standIn?.each ?? ((make: () => string) => make());
  const leftMs = () => opensAt.getTime() - clockNow(clock);
  const inMs = leftMs();
  return {
    made: { serverTime: each(() => String(Math.floor(clockNow(clock)))), inMs },
    reloadIn: inMs <= RELOADED_FROM_MS ? each(() => String(reloadIn(leftMs()))) : undefined,
  };
}

function reloadIn(leftMs: number): number {
  return Math.max(SOONEST_S, Math.ceil(leftMs / 1_000 + Math.random() * SPREAD_S));
}
