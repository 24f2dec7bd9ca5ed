/** How long an open page waits before it asks for its seats again, while few are open. Milliseconds. */
const USUAL_MS = 5_000;
/** The same around an opening. */
export const EAGER_MS = 1_000;
/** The waits that pages may be told. */
const PACES_MS = [EAGER_MS, USUAL_MS, 10_000, 20_000, 40_000, 60_000];
/** How many of these requests a process should get in a second: about a tenth of its time. */
const MOST_A_SECOND = 2_000;
/** Pages wait up to this many times as long as they are told, so that they do not all ask at once. */
const SPREAD = 1.2;

/**
 * How soon open pages are to ask again, so that together they ask this process at most `mostASecond` times.
 * It knows how many pages are open by how many asked within one pace.
 *
 * @param usualMs how long they wait while they are few
 */
export function paceOfPages(usualMs: number = USUAL_MS, mostASecond: number = MOST_A_SECOND) {
  const paces = PACES_MS.filter((ms) => ms >= usualMs);
  let paceMs = usualMs;
  let asked = 0;
  let since = performance.now();

  return {
    /** Counts a request. */
    count(): void {
      if (performance.now() >= since) asked++;
    },
    /** What to tell a page, in ms. */
    nextMs(): number {
      const passedMs = performance.now() - since;
      if (passedMs < paceMs) return paceMs;
      const pages = (asked / passedMs) * paceMs;
      const wanted = paces.find((ms) => (pages / ms) * 1_000 <= mostASecond) ?? 60_000;
      // Until then pages still come at the old pace, so nothing is counted.
      since = performance.now() + (wanted === paceMs ? 0 : paceMs * SPREAD);
      asked = 0;
      paceMs = wanted;
      return paceMs;
    },
  };
}

/** How often to tell people in line where they stand, by place: far back, little changes. */
const WAITS_IN_LINE = [
  { upTo: 100, ms: USUAL_MS },
  { upTo: 1_000, ms: 20_000 },
  { upTo: Number.POSITIVE_INFINITY, ms: 60_000 },
];
/** A place costs more to find than seats, which are the same for everybody. */
const MOST_PLACES_A_SECOND = 400;

const placePace = paceOfPages(USUAL_MS, MOST_PLACES_A_SECOND);

/** How soon somebody in line, who asks for their place now, is to ask again. Milliseconds. */
export function nextPlaceMs(place: number): number {
  placePace.count();
  const wanted = WAITS_IN_LINE.find(({ upTo }) => place <= upTo)?.ms ?? USUAL_MS;
  return Math.max(wanted, placePace.nextMs());
}
