import { LRUCache } from "lru-cache";
import type { NotOpenYet } from "../outcome";

/** How long to rely on what Redis said, milliseconds. */
const KNOWN_FOR_MS = 1_000;
/** The most competitions to remember. */
const MOST = 1_000;

/** What Redis says of somebody who comes too early. */
interface Early extends NotOpenYet {
  /** Nobody has a seat or a key here that could get another answer. */
  isForAll?: boolean;
}

/** What is known of a competition. @param askedAt when Redis was asked, by `performance.now()` */
type Known = NotOpenYet & { askedAt: number };

const known = new LRUCache<string, Known>({ max: MOST });

/**
 * Decides, unless Redis said within the last second that the competition has not opened: before an
 * opening many people ask again and again, and Redis need not hear each. Nobody who comes after the
 * opening is refused: the time until it counts from before Redis was asked, so it never runs late.
 */
export function unlessEarly<Request extends { competitionId: string }, Decision extends object>(
  decide: (request: Request) => Promise<Decision | Early>,
): (request: Request) => Promise<Decision | NotOpenYet> {
  return async (request) => {
    const { competitionId } = request;
    const early = findEarly(competitionId);
    if (early) return early;
    const askedAt = performance.now();
    const decision = await decide(request);
    if ("isForAll" in decision) {
      const { isForAll, ...refusal } = decision;
      if (isForAll) known.set(competitionId, { ...refusal, askedAt });
      return refusal;
    }
    return decision;
  };
}

function findEarly(competitionId: string): NotOpenYet | null {
  const early = known.get(competitionId);
  if (!early) return null;
  const ageMs = performance.now() - early.askedAt;
  const inMs = early.inMs - ageMs;
  if (ageMs > KNOWN_FOR_MS || inMs <= 0) return null;
  return { status: early.status, opensAt: early.opensAt, inMs };
}

/** Reads the script's words. */
export function readEarly([opens, at, isForAll]: string[]): Early {
  const inMs = Number(opens) - Number(at);
  return {
    status: "not_open_yet",
    opensAt: new Date(Number(opens)),
    inMs,
    isForAll: isForAll === "1",
  };
}

/** Forgets what is known: the opening may have been moved. */
export function forgetEarly(competitionId: string): void {
  known.delete(competitionId);
}
