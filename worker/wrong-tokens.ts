import { LRUCache } from "lru-cache";

/** This many wrong tokens cost nothing: somebody mistyped. */
const FREE = 5;
/** The wait after the next, doubled with each further one, milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A network that has sent none for this long starts anew, milliseconds. */
const FORGOTTEN_MS = 900_000;
/** Networks that are remembered; beyond that the one longest silent is forgotten. */
const MOST_NETWORKS = 1_000;

/** Who sent wrong tokens, and how long they have to wait for the next try. */
export function createWrongTokens({ now = () => performance.now() } = {}) {
  const known = new LRUCache<string, { count: number; at: number }>({
    max: MOST_NETWORKS,
    ttl: FORGOTTEN_MS,
    ttlResolution: 0,
    perf: { now },
  });

  return {
    /** How long this network has to wait, milliseconds; 0 when its token may be looked at. */
    waitMs(network: string): number {
      const wrong = known.peek(network);
      if (!wrong || wrong.count <= FREE) return 0;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (wrong.count - FREE - 1), LONGEST_WAIT_MS);
      return Math.max(0, wrong.at + wait - now());
    },

    /** Notes a wrong token. @returns how many the network has sent lately */
    note(network: string): number {
      const count = (known.get(network)?.count ?? 0) + 1;
      known.set(network, { count, at: now() });
      return count;
    },

    /** Forgets the wrong tokens of a network that has sent the right one. */
    forgive(network: string): void {
      known.delete(network);
    },

    /** How many networks are remembered. */
    size: () => known.size,
  };
}
