/** How long an open page waits before it asks for its seats again, while few are open. Milliseconds. */
const USUAL_MS = 5_000;
/** The same around an opening. */
export const EAGER_MS = 1_000;
/** How long pages may be told to wait, at most by this. */
const PACES_MS = [EAGER_MS, USUAL_MS, 10_000, 20_000, 40_000, 60_000];
/** How many questions a second a process likes to answer: about a tenth of its time. */
const MOST_A_SECOND = 2_000;
/** Pages wait up to so many times what they are told, so that they do not all ask at once. */
const SPREAD = 1.2;

/**
 * How soon pages shall ask again: so that all which are open ask this process at most 2,000 times a
 * second. How many there are shows in how many asked within one pace.
 *
 * @param usualMs how long they wait while they are few
 */
export function paceOfPages(usualMs: number = USUAL_MS) {
  const paces = PACES_MS.filter((ms) => ms >= usualMs);
  let paceMs = usualMs;
  let asked = 0;
  let since = performance.now();

  return {
    /** Counts a question. */
    count(): void {
      if (performance.now() >= since) asked++;
    },
    /** What to tell a page, in ms. */
    nextMs(): number {
      const passedMs = performance.now() - since;
      if (passedMs < paceMs) return paceMs;
      const pages = (asked / passedMs) * paceMs;
      const wanted = paces.find((ms) => (pages / ms) * 1_000 <= MOST_A_SECOND) ?? 60_000;
      // Until then pages come at the old pace.
      since = performance.now() + (wanted === paceMs ? 0 : paceMs * SPREAD);
      asked = 0;
      paceMs = wanted;
      return paceMs;
    },
  };
}
