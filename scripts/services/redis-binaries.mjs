import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/**
 * A server program, with what it needs to run.
 * @typedef {{ program: string, env: NodeJS.ProcessEnv, how: string }} RedisBinary
 */

/** What this system has on its PATH. @returns {RedisBinary | null} */
export function installedRedis() {
  for (const name of ["valkey-server", "redis-server"]) {
    for (const program of programsOnPath(name)) {
      const found = describeRedis(program, process.env);
      if (found) return { ...found, how: `${found.how}, installed (${program})` };
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
 * Starts the program to see that it runs here and is new enough.
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {RedisBinary | null}
 */
export function describeRedis(program, env) {
  const answer = spawnSync(program, ["--version"], { encoding: "utf8", env });
  const match = /(valkey|redis).*?\bv=(\d+)(\S*)/i.exec(answer.stdout ?? "");
  if (answer.status !== 0 || !match || Number(match[2]) < OLDEST) return null;
  const name = match[1]?.toLowerCase() === "valkey" ? "Valkey" : "Redis";
  return { program, env, how: `${name} ${match[2]}${match[3]}` };
}

const OLDEST = 7;

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
