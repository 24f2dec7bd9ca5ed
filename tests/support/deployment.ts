import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { projectFolder } from "../../scripts/services/places.ts";

/** A file of the project. */
export const read = (path: string) => readFileSync(join(projectFolder, path), "utf8");

/** Every setting that there is. */
export const SETTINGS = new Set(Object.keys(parseEnv(read(".env.example"))));

/** Of the product. */
export const VERSION: string = JSON.parse(read("package.json")).version;

/** After DRAIN_DELAY_S a program ends within this time, seconds (app/web/drain.ts, worker/stopping.ts). */
export const LONGEST_END_S = 10;

/** Who has which secret; all have the databases'. */
const OWNERS: Record<string, string> = {
  SESSION_SECRET: "web",
  SESSION_SECRET_PREVIOUS: "web",
  JWT_SECRET: "web",
  JWT_SECRET_PREVIOUS: "web",
  OPS_TOKEN: "worker",
  SMTP_PASSWORD: "worker",
};

/** Which of the settings are secrets that not everybody has. */
export function secretsAmong(settings: Iterable<string>): string[] {
  return [...settings].filter((name) => name in OWNERS);
}

/** Which of the settings are secrets of another program. */
export function secretsOfOthers(settings: Iterable<string>, program: string): string[] {
  return secretsAmong(settings).filter((name) => OWNERS[name] !== program);
}
