import { setTimeout } from "node:timers/promises";
import { type Allowance, countOf, take } from "~/platform/counts";
import { env } from "~/platform/env";
import { nameless } from "./rate-limits";

/** Wrong passwords at an account from devices that it does not know, as far as they matter. */
const FAILURES: Allowance = { name: "limit:login:strangers", points: 40, seconds: 3600 };
/** Mistakes of its owner, who is at a new device. */
const FREE = 10;
const STEP_MS = 100;

/** How long strangers wait at an account with so many failures in the hour, in milliseconds. */
export function delayAfter(failures: number): number {
  return Math.max(0, Math.min(failures, FAILURES.points) - FREE) * STEP_MS;
}

/**
 * Holds up an attempt of a device that the account does not know: the longer, the more of them have
 * failed in this hour, up to three seconds. Not a limit, which strangers could use up to keep the
 * owner out. Ends early when the client is gone.
 */
export async function holdUpStranger(
  account: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  const ms = delayAfter(await countOf(FAILURES, nameless(account)));
  // Who is gone need not wait; what comes next sees that for itself.
  if (ms > 0) await setTimeout(ms, undefined, { signal }).catch(() => {});
}

/** Counts a wrong password of such a device. */
export async function noteStranger(account: string): Promise<void> {
  if (env().RATE_LIMITS === "on") await take(FAILURES, nameless(account));
}
