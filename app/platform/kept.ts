import { LRUCache } from "lru-cache";
import { singleton } from "./singleton";

/** How old a kept thing may be, in ms, counted from when we began to make it. */
const KEPT_MS = 1_000;
/** The most things to keep, so that made-up addresses cannot fill the memory. */
const MOST = 100;

const things = () =>
  singleton("kept", () => new LRUCache<string, Promise<unknown>>({ max: MOST, ttl: KEPT_MS }));

/**
 * What this process has made under this name within the last second; otherwise it is made now. Callers
 * that come meanwhile wait for it.
 *
 * @param make a failure is not kept, but those who wait get it, too
 * @param keptUntil until when a thing may be kept, by `performance.now()`; undefined for no limit
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
 * Forgets everything that this process keeps or is making, because something that pages show has changed.
 * Other processes notice within a second.
 */
export function dropKept(): void {
  things().clear();
}
