import { spawnSync } from "node:child_process";

/** Why a test in Firefox was not run. */
export const NO_FIREFOX =
  "Not run: there is no Firefox here. Install one (Debian: firefox-esr) or set FIREFOX_PATH.";

/**
 * The Firefox of this machine: FIREFOX_PATH, else `firefox-esr` or `firefox` on the PATH. Unlike
 * Chromium it is not fetched, which would take longer than what it is for.
 *
 * @returns null where there is none
 * @throws where FIREFOX_PATH does not start
 */
export function findFirefox(): string | null {
  const given = process.env.FIREFOX_PATH;
  if (given && !starts(given)) throw new Error(`FIREFOX_PATH: ${given} does not start.`);
  return given || (["firefox-esr", "firefox"].find(starts) ?? null);
}

/** Whether it starts: Ubuntu's `firefox` may only say that a snap is missing. */
function starts(program: string): boolean {
  return spawnSync(program, ["--version"], { timeout: 20_000 }).status === 0;
}
