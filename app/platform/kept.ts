import { LRUCache } from "lru-cache";
import { singleton } from "./singleton";

/** How old what is kept may be, in ms: counted from when its making began. */
const KEPT_MS = 1_000;
/** Of so many things at most, so that nobody's made-up addresses fill the memory. */
const MOST = 100;

const things = () =>
  singleton("kept", () => new LRUCache<string, Promise<unknown>>({ max: MOST, ttl: KEPT_MS }));

/**
 * What was made under this name within the last second, by this process; else it is made. Whoever asks
 * meanwhile waits for it.
 *
 * @param make what fails is not kept; those who wait get it too
 * @param keptUntil how long a thing may be kept at most, by `performance.now()`; undefined is no limit
 */
export async function keptOrMade<Thing>(
  name: string,
  make: () => Promise<Thing>,
  keptUntil: (thing: Thing) => number | undefined,
): Promise<Thing> {
  // One name has one kind of thing.
  const known = things().get(name) as Promise<Thing> | undefined;
  if (known) return known;
  const making = make();
  things().set(name, making);
  const limit = (until = Number.POSITIVE_INFINITY) => {
    if (things().peek(name, { allowStale: true }) !== making) return;
    const ttl = Math.floor(until - performance.now());
    if (ttl <= 0) things().delete(name);
    else if (ttl < things().getRemainingTTL(name)) things().set(name, making, { ttl });
  };
  making.then(
    (thing) => limit(keptUntil(thing)),
    () => limit(0),
  );
  return making;
}

/**
 * Forgets all that this process keeps, and what it is making: what shows up in pages has changed.
 * Other processes notice within a second.
 */
export function dropKept(): void {
  things().clear();
}
