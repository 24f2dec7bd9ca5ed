import { LRUCache } from "lru-cache";
import { singleton } from "./singleton";

/** How long a refusal stands before it is judged again, in milliseconds. */
const MOMENT_MS = 1_000;
/** How many refusals a process remembers. The one that was not asked for longest makes room. */
const MOST_REMEMBERED = 2_000;
/** Under one name so many are told at once within that moment, and the others at its end … */
const TOLD_AT_ONCE = 50;
/** … of all names together so many: each keeps a connection waiting. Who comes then is told at once. */
const MOST_HELD = 500;

interface Refusal {
  /** The least that was asked for. Who asks for less may still be given it. */
  much: number;
  /** Until when it stands, and when there is enough again; by `performance.now()`. */
  untilMs: number;
  againMs: number;
  told: number;
}

/** Remembers that so much could not be taken under a name, and for how long, in milliseconds. */
export function noteRefusal(
  name: string,
  { much, waitMs }: { much: number; waitMs: number },
): void {
  const known = standing(name);
  if (known) known.much = Math.min(known.much, much);
  else {
    const now = performance.now();
    const untilMs = now + Math.min(MOMENT_MS, waitMs);
    refusals().set(name, { much, untilMs, againMs: now + waitMs, told: 0 });
  }
}

/** How long it takes until there is so much again, in milliseconds; 0 if that must be looked up. */
export function refusedLately(name: string, much: number): number {
  const known = standing(name);
  return known && much >= known.much ? known.againMs - performance.now() : 0;
}

/** Forgets it: something was given back. */
export function forgetRefusal(name: string): void {
  refusals().delete(name);
}

/**
 * Slows down who asks on and on: a client that sends its next request once it has been refused must not
 * get a core for that.
 */
export async function holdUpRefused(name: string): Promise<void> {
  const known = standing(name);
  if (!known || ++known.told <= TOLD_AT_ONCE || held.count >= MOST_HELD) return;
  held.count++;
  await new Promise((resolve) => setTimeout(resolve, known.untilMs - performance.now()));
  held.count--;
}

const held = singleton("refused-held", () => ({ count: 0 }));

function standing(name: string): Refusal | undefined {
  const known = refusals().get(name);
  if (!known || performance.now() < known.untilMs) return known;
  refusals().delete(name);
  return undefined;
}

function refusals(): LRUCache<string, Refusal> {
  return singleton("refusals", () => new LRUCache({ max: MOST_REMEMBERED }));
}
