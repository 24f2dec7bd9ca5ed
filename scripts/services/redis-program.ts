import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { downloadedProgram, withLibrariesOf } from "./system-package.ts";

/** A server program, with what it needs to run. */
export interface RedisProgram {
  file: string;
  env: NodeJS.ProcessEnv;
  /** Where it came from, in words. */
  how: string;
}

/** BullMQ's scripts fail on older ones. */
const OLDEST = 7;
/** What this system has on its PATH, else the system's package, downloaded and not installed. */
export async function findRedis(log: (line: string) => void): Promise<RedisProgram> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const names = ["valkey-server", "redis-server"];
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      return describe(file, process.env, `installed (${file})`);
    } catch {
      // Not there, too old, or not for this machine: the next.
    }
  }
  const find = (folder: string) =>
    describe(join(folder, "usr/bin/redis-server"), withLibrariesOf(folder), "from its package");
  return downloadedProgram({ name: "redis", package: "redis-server", log, find });
}

/**
 * Starts the program to see that it runs here and is new enough.
 *
 * @throws with the reason when it does not or is not
 */
function describe(file: string, env: NodeJS.ProcessEnv, source: string): RedisProgram {
  const answer = spawnSync(file, ["--version"], { encoding: "utf8", env });
  const [, name, major, rest] = /(valkey|redis).*?\bv=(\d+)(\S*)/i.exec(answer.stdout ?? "") ?? [];
  if (answer.status !== 0 || !name) throw new Error(`${file} does not run here.`);
  const how = `${name} ${major}${rest} ${source}`;
  if (Number(major) < OLDEST) throw new Error(`${how} is older than ${OLDEST}.`);
  return { file, env, how };
}
