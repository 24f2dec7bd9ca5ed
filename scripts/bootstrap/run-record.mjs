import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../services/places.mjs";
import { isRunning, ownIdentity, stopGroup } from "../services/process.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * Which `up` or `dev` runs here, and its programs: so that a second one is refused, and what a
 * killed one left behind is ended.
 * @typedef {object} RunRecord
 * @property {string} command
 * @property {string} address
 * @property {Record<string, string>} [urls] of the databases, once they are there
 * @property {import("../services/process.mjs").ProcessIdentity} owner
 * @property {import("../services/process.mjs").ProcessIdentity[]} programs
 */

const file = join(projectFolder, ".data/run.json");

/**
 * @param {{ log: (line: string) => void }} options
 */
export async function takeOver({ log }) {
  const earlier = read();
  if (!earlier) return;
  if (isRunning(earlier.owner)) {
    throw new Refusal(
      `\`npm run ${earlier.command}\` already runs here, at ${earlier.address} ` +
        `(process ${earlier.owner.pid}).\n  Stop it with Ctrl-C there, or: kill ${earlier.owner.pid}`,
    );
  }
  const left = earlier.programs.filter(isRunning);
  if (left.length > 0) log(`An earlier run was killed; ending the ${left.length} programs it left`);
  await Promise.all(left.map((program) => stopGroup(program, { timeoutMs: 3000 })));
  rmSync(file, { force: true });
}

/** @param {Omit<RunRecord, "owner">} run */
export function recordRun(run) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...run, owner: ownIdentity() }), { mode: 0o600 });
}

export function forgetRun() {
  rmSync(file, { force: true });
}

/**
 * The `up` or `dev` that runs here at this moment, or null.
 * @returns {RunRecord | null}
 */
export function findRun() {
  const run = read();
  return run && isRunning(run.owner) ? run : null;
}

/** @returns {RunRecord | null} */
function read() {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
