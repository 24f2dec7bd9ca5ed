import { clockNow, type ServerClock } from "~/platform/clock";
import type { StandIn } from "./stand-in";

/** What changes by itself about a competition, and the clock by which it does. */
interface Changing {
  opensAt: Date | null;
  regDeadline: Date;
  clock: ServerClock;
}

/** Whether one can register, as pages know it that are open already, those of an earlier release too. */
export type SeatState = "opens" | "open" | "full" | "closed";

/** The same of any competition: in a draft, and in what is cancelled, nobody can. */
export function seatStateOf({ state }: { state: SeatState | "draft" | "cancelled" }): SeatState {
  return state === "draft" || state === "cancelled" ? "closed" : state;
}

/** Pages ask more often from so long before an opening on, until so long after it. Milliseconds. */
const AROUND_MS = { before: 60_000, after: 30_000 };

/** Whether a competition opens soon, or has opened a moment ago. */
export function isAroundOpening({ opensAt, clock }: Changing): boolean {
  if (!opensAt) return false;
  const inMs = opensAt.getTime() - clockNow(clock);
  return inMs < AROUND_MS.before && inMs > -AROUND_MS.after;
}

/**
 * When it opens or closes next, by `performance.now()`: what was said of it is not true any more then.
 * Undefined when nothing changes by itself. Never later, and earlier by as long as the clock's answer took.
 */
export function endOf({ opensAt, regDeadline, clock }: Changing): number | undefined {
  const { said, askedAt } = clock;
  const next = [opensAt, regDeadline]
    .map((date) => (date ? date.getTime() - said : 0))
    .filter((inMs) => inMs > 0);
  // It tells whole milliseconds.
  return next.length > 0 ? askedAt + Math.min(...next) - 1 : undefined;
}

/** Notes for how long what a page shows of competitions is true. */
export function notePageEnds(standIn: StandIn | undefined, shown: Changing[]): void {
  if (!standIn) return;
  const ends = shown.map(endOf).filter((end) => end !== undefined);
  if (ends.length > 0) standIn.until = Math.min(...ends, standIn.until ?? Number.POSITIVE_INFINITY);
}

/** A page without scripts loads itself again from so long before an opening on. Milliseconds. */
const RELOADED_FROM_MS = 600_000;
/** It does so a moment after the opening, since everybody does: up to this late, and rounded up. Seconds. */
const SPREAD_S = 1;
/** No page loads itself more often than this, seconds. */
const SOONEST_S = 5;

/**
 * What a page says of the time before an opening: the server's when the page is sent, how long it was
 * until the opening when it was made, and in how many seconds it loads itself again without scripts. Of
 * a page that is kept, each visitor gets their own moment.
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
