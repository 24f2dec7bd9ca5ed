import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/**
 * A server program, with what it needs to run.
 * @typedef {{ program: string, env: NodeJS.ProcessEnv, how: string }} RedisBinary
 */

/** BullMQ's scripts fail on older ones. */
const OLDEST = 7;

/** What this system has on its PATH, when it is new enough. @returns {RedisBinary | null} */
export function installedRedis() {
  for (const program of ["valkey-server", "redis-server"].flatMap(programsOnPath)) {
    try {
      const found = describeRedis(program, process.env);
      return { ...found, how: `${found.how}, installed (${program})` };
    } catch {
      // Too old, or not for this machine: the next.
    }
  }
  return null;
}

/** @param {string} name */
export function isOnPath(name) {
  return programsOnPath(name).length > 0;
}

/** @param {string} name */
function programsOnPath(name) {
  const folders = (process.env.PATH ?? "").split(":").filter(Boolean);
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

/**
 * Starts the program to see that it runs here and is new enough; throws with the reason otherwise.
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {RedisBinary}
 */
export function describeRedis(program, env) {
  const answer = spawnSync(program, ["--version"], { encoding: "utf8", env });
  const match = /(valkey|redis).*?\bv=(\d+)(\S*)/i.exec(answer.stdout ?? "");
  if (answer.status !== 0 || !match) throw new Error(`${program} does not run here.`);
  const name = match[1]?.toLowerCase() === "valkey" ? "Valkey" : "Redis";
  const how = `${name} ${match[2]}${match[3]}`;
  if (Number(match[2]) < OLDEST) throw new Error(`${how} (${program}) is older than ${OLDEST}.`);
  return { program, env, how };
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
