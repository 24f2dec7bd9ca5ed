import { setTimeout as delay } from "node:timers/promises";
import type { RegisterResult } from "./outcome";
import { type RegisterInput, register } from "./register";

/** How long a form waits: for its duplicate to finish, or for registration to open. Milliseconds. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 100;

/**
 * `register` for a form: a second click on the button waits for the answer to the first and shows
 * the same page, rather than an error about itself. A form that arrives a moment before registration
 * opens, because two clocks differ, waits for the opening.
 */
export async function registerAndWait(input: RegisterInput): Promise<RegisterResult> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = await register(input);
    const waitMs = waitFor(result);
    if (waitMs === null || performance.now() + waitMs >= until) return result;
    await delay(waitMs);
  }
}

/** How long to wait before asking again, in ms; null where the result stands. */
function waitFor(result: RegisterResult): number | null {
  if (result.status === "request_in_progress") return LOOK_EVERY_MS;
  return result.status === "not_open_yet" ? Math.ceil(result.inMs) : null;
}
