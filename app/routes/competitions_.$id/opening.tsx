import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { DateTime } from "~/components/date-time";
import { formatRelative } from "~/components/datetime";
import type { Seats } from "./live-seats";
import { countDown, type HeardTime, laterOf, serverNow, shortTime } from "./opening-clock";

/** What a page that is made before an opening says of the time. */
export interface MadeBefore {
  /** The server's time when the page was sent, in ms since 1970, in digits. */
  serverTime: string;
  /** How long it was until the opening when the page was made. */
  inMs: number;
}

/** The seats at this moment, and how long it is until they open; null before scripts know. */
export interface Now {
  seats: Seats;
  leftMs: number | null;
}

/** Keeps the server's time: from the page, and from answers that tell it later. */
export function useServerTime(made: MadeBefore | null) {
  const isFromDocument = useIsHydrating();
  const known = useRef<HeardTime | null>(null);
  const first = useRef({ heardAt: isFromDocument ? documentHeardAt() : performance.now() });
  const hear = useCallback((said: number, heardAt = performance.now()) => {
    if (Number.isFinite(said)) known.current = laterOf(known.current, { said, heardAt });
  }, []);
  const serverTime = made?.serverTime;
  useEffect(() => {
    // What comes with a later answer is heard when it comes.
    const { heardAt } = first.current;
    first.current = { heardAt: Number.NaN };
    if (serverTime) hear(Number(serverTime), Number.isNaN(heardAt) ? performance.now() : heardAt);
  }, [serverTime, hear]);
  const now = useCallback(() => (known.current ? serverNow(known.current) : null), []);
  return { hear, now };
}

/**
 * Opens when the time has come, without asking anybody: everybody's page does so in the same moment, and
 * who presses the button learns the truth.
 */
export function useOpening(seats: Seats, now: () => number | null): Now {
  const [left, setLeft] = useState<{ opens: number; ms: number } | null>(null);
  const opens = seats.state === "opens" ? seats.opensAt?.getTime() : undefined;
  useEffect(() => {
    if (opens === undefined || now() === null) return;
    const show = (ms: number) => setLeft({ opens, ms });
    return countDown({ opensAt: opens, now: () => now() ?? opens, show });
  }, [opens, now]);
  const leftMs = left !== null && left.opens === opens ? left.ms : null;
  if (leftMs !== 0) return { seats, leftMs };
  return { seats: { ...seats, state: seats.seatsLeft > 0 ? "open" : "full" }, leftMs };
}

/** When it opens, in how long and by the clock. */
export function OpensIn(props: { opensAt: Date; leftMs: number | null; made: MadeBefore | null }) {
  const { opensAt, leftMs, made } = props;
  return (
    <div className="mb-4">
      <h2 id={OPENS_IN} className="text-lg font-semibold digits">
        <span role="timer">{opensInWords(leftMs, made)}</span>
      </h2>
      <p className="mt-1 text-sm text-ink-soft">
        <DateTime value={opensAt} relative={false} />
      </p>
    </div>
  );
}

/** "Opens in 4 min 05 s", "Opens in 3 days". */
export function opensInWords(leftMs: number | null, made: MadeBefore | null): string {
  const short = leftMs === null ? null : shortTime(leftMs);
  if (short !== null) return `Opens in ${short}`;
  return `Opens ${formatRelative(new Date(leftMs ?? made?.inMs ?? 0), new Date(0))}`;
}

/** Names the element that says when it opens. */
export const OPENS_IN = "opens-in";

const never = () => () => {};

/** Whether this is the first render of a page that came as a document, and not one that scripts led to. */
function useIsHydrating(): boolean {
  return useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
}

/** When the page itself came: scripts may have started long after. */
function documentHeardAt(): number {
  const [entry] = performance.getEntriesByType("navigation");
  return entry && "responseStart" in entry ? Number(entry.responseStart) : performance.now();
}
