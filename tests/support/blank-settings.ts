import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { projectFolder } from "../../scripts/services/places.ts";

/**
 * Every setting that there is, set to nothing: so that nothing of the developer's `.env` or shell
 * reaches a test, least of all an SMTP server. A variable that is set, if only to nothing, is not
 * read from `.env`.
 */
export function blankSettings(): Record<string, string> {
  const example = parseEnv(readFileSync(join(projectFolder, ".env.example"), "utf8"));
  return Object.fromEntries(Object.keys(example).map((name) => [name, ""]));
}
