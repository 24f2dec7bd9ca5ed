import { setTimeout as delay } from "node:timers/promises";
import type { RegisterResult } from "./outcome";
import { type RegisterInput, register } from "./register";

/** How long a form's duplicate waits for the first one to finish, milliseconds. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 100;

/**
 * `register` for a form: a second click on the button waits for the answer to the first and shows
 * the same page, rather than an error about itself.
 */
export async function registerAndWait(input: RegisterInput): Promise<RegisterResult> {
  const until = performance.now() + PATIENCE_MS;
  let result = await register(input);
  while (result.status === "request_in_progress" && performance.now() < until) {
    await delay(LOOK_EVERY_MS);
    result = await register(input);
  }
  return result;
}
