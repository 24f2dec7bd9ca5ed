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
 * @param make what fails is not kept, nor what `isKept` is not true of; those who wait get it too
 */
export async function keptOrMade<Thing>(
  name: string,
  make: () => Promise<Thing>,
  isKept: (thing: Thing) => boolean,
): Promise<Thing> {
  // One name has one kind of thing.
  const known = things().get(name) as Promise<Thing> | undefined;
  if (known) return known;
  const making = make();
  things().set(name, making);
  const drop = () => {
    if (things().peek(name, { allowStale: true }) === making) things().delete(name);
  };
  making.then((thing) => {
    if (!isKept(thing)) drop();
  }, drop);
  return making;
}

/**
 * Forgets all that this process keeps, and what it is making: what shows up in pages has changed.
 * Other processes notice within a second.
 */
export function dropKept(): void {
  things().clear();
}
