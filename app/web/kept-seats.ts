import { LRUCache } from "lru-cache";
import { inBatches } from "~/platform/batch";
import { singleton } from "~/platform/singleton";

/** A competition's seats as they are told, and the tag of that. */
export interface SeatsAnswer {
  body: string;
  etag: string;
  /** Whether pages that were told so ask more often than usual. */
  pace?: "usual" | "eager";
  /** From when on it is not true any more, by `performance.now()`. */
  until?: number | undefined;
}

/** How old an answer may be, in ms: counted from when its reading began. */
export const KEPT_MS = 250;
/** Answers that are kept at most; the one that nobody asked for longest makes room. */
const MOST = 1_000;

/**
 * A competition's seats as they were at most `KEPT_MS` before the question. One reading at a time for
 * each competition: who asks meanwhile gets the next one, which nobody's change can have missed. A
 * failure is not kept, nor that there is no such competition.
 *
 * @param read finds the competition's seats as they are now
 */
export function keepSeats(
  read: (id: string) => Promise<SeatsAnswer | null>,
): (id: string) => Promise<SeatsAnswer | null> {
  const readTogether = inBatches({
    most: Number.POSITIVE_INFINITY,
    inFlight: 1,
    keyOf: (id: string) => id,
    async run(together: string[], id) {
      const { readings, kept } = state();
      const reading = { began: performance.now() };
      readings.set(id, reading);
      try {
        const answer = await read(id);
        if (answer && readings.get(id) === reading) kept.set(id, { ...reading, answer });
        return together.map(() => answer);
      } finally {
        if (readings.get(id) === reading) readings.delete(id);
      }
    },
  });
  return async (id) => {
    const known = state().kept.get(id);
    const now = performance.now();
    const isTrue = known && now - known.began <= KEPT_MS && now < (known.answer.until ?? now + 1);
    return isTrue ? known.answer : readTogether(id);
  };
}

/**
 * Forgets a competition's seats: this process has changed them, and who did that may ask right away.
 * Other processes tell of it `KEPT_MS` later at most, before any page asks again.
 */
export function forgetSeats(id: string): void {
  const { readings, kept } = state();
  readings.delete(id);
  kept.delete(id);
}

interface Reading {
  began: number;
}

/** The server and the Remix build each have a copy of this file, and share what it keeps. */
function state() {
  return singleton("kept-seats", () => ({
    kept: new LRUCache<string, Reading & { answer: SeatsAnswer }>({ max: MOST }),
    /** Readings that run, unless what they read has changed since. */
    readings: new Map<string, Reading>(),
  }));
}
