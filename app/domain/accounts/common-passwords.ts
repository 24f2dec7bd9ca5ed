import { createRequire } from "node:module";
import { env } from "~/platform/env";
import { singleton } from "~/platform/singleton";

const MOST_COMMON = 10_000;

/** Whether a password is too common to be taken, in whatever case, where COMMON_PASSWORDS says so. */
export function isTooCommon(password: string): boolean {
  return env().COMMON_PASSWORDS === "refuse" && mostCommon().has(password.toLowerCase());
}

/** Loaded with the first sign-up that asks: it takes 50 ms and 3 MB. The most common come first. */
function mostCommon(): Set<string> {
  return singleton("common-passwords", () => {
    const require = createRequire(import.meta.url);
    const list: typeof import("@zxcvbn-ts/language-common") = require("@zxcvbn-ts/language-common");
    return new Set(list.dictionary["passwords-common"].slice(0, MOST_COMMON));
  });
}
