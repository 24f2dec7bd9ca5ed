import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../services/places.mjs";

/**
 * Every setting that there is, set to nothing: so that nothing of the developer's `.env` or shell
 * reaches a test, least of all an SMTP server. A variable that is set, if only to nothing, is not
 * read from `.env`.
 * @returns {Record<string, string>}
 */
export function blankSettings() {
  const lines = readFileSync(join(projectFolder, ".env.example"), "utf8").split("\n");
  const names = lines.flatMap((line) => /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [name, ""]));
}
