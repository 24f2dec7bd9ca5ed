import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { projectFolder } from "../services/places.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * The environment over `.env`; what is set to nothing counts as not set.
 * @returns {Record<string, string>}
 */
export function readSettings(environment = process.env, file = join(projectFolder, ".env")) {
  const fromFile = existsSync(file) ? parseFile(readFileSync(file, "utf8")) : {};
  const all = Object.entries({ ...fromFile, ...environment });
  return Object.fromEntries(all.flatMap(([name, value]) => (value?.trim() ? [[name, value]] : [])));
}

/** @param {string} text */
function parseFile(text) {
  if (typeof parseEnv !== "function") {
    throw new Refusal("Reading .env needs Node 20.12 or newer. Set the variables in the shell.");
  }
  return parseEnv(text);
}

/**
 * A port from the settings.
 * @param {Record<string, string>} settings
 * @param {string} name
 * @param {number} fallback
 */
export function portOf(settings, name, fallback) {
  const text = settings[name] ?? String(fallback);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Refusal(`${name}: must be a whole number from 1 to 65535, not "${text}".`);
}

/** The secrets that stand in the repository begin with this; the servers refuse them. */
const EXAMPLE = "development-only-secret";

/**
 * The secrets of this machine: those that are set, else random ones that are made once, so that
 * people stay logged in over a restart.
 * @param {Record<string, string>} settings
 * @param {string} file
 */
export function secretsFor(settings, file) {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  /** @type {Record<string, string>} */
  const secrets = {};
  for (const name of ["SESSION_SECRET", "JWT_SECRET"]) {
    const given = settings[name];
    if (given && !given.startsWith(EXAMPLE)) secrets[name] = given;
    else secrets[name] = kept[name] ??= randomBytes(32).toString("hex");
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
