import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { cacheFolder, makeTemporaryFolder } from "./places.ts";
import { whileLocked } from "./state.ts";

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
  return downloadedRedis(log);
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

/** Redis from Debian's or Ubuntu's package, which needs no root: apt downloads it for us alone. */
function downloadedRedis(log: (line: string) => void): Promise<RedisProgram> {
  const folder = join(cacheFolder, "redis");
  return whileLocked(folder, async () => {
    try {
      return findIn(folder);
    } catch {
      // Not there yet, or unpacked by another system.
    }
    log("Redis: none here, downloading the system's package into .cache (nothing is installed)");
    const draft = `${folder}.draft`;
    const apt = makeTemporaryFolder("apt");
    try {
      for (const path of [draft, folder]) fs.rmSync(path, { recursive: true, force: true });
      await unpackPackage({ into: draft, apt });
      fs.renameSync(draft, folder);
      return findIn(folder);
    } finally {
      fs.rmSync(apt, { recursive: true, force: true });
    }
  });
}

/** The server in an unpacked package. */
function findIn(folder: string): RedisProgram {
  const libraries = fs.globSync("{usr/,}lib/{,*-linux-*}", { cwd: folder });
  const paths = libraries.map((path) => join(folder, path));
  const LD_LIBRARY_PATH = [...paths, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  const file = join(folder, "usr/bin/redis-server");
  return describe(file, { ...process.env, LD_LIBRARY_PATH }, "from the system's packages");
}

/** @param options.apt a folder for what apt writes; its path must be plain ASCII without spaces */
async function unpackPackage({ into, apt }: { into: string; apt: string }): Promise<void> {
  const archives = join(apt, "archives");
  for (const part of ["state/lists/partial", "cache/archives/partial", "archives"]) {
    fs.mkdirSync(join(apt, part), { recursive: true });
  }
  fs.mkdirSync(into, { recursive: true });
  fs.writeFileSync(join(apt, "apt.conf"), aptConfiguration(apt));
  const env = { APT_CONFIG: join(apt, "apt.conf"), LC_ALL: "C" };
  const run = execa({ cwd: archives, env });
  await run`apt-get update -q`;
  const plan = await run`apt-get -s --no-install-recommends install redis-server`;
  await run`apt-get download -q ${packagesInPlan(plan.stdout)}`;
  for (const archive of fs.readdirSync(archives)) await run`dpkg-deb -x ${archive} ${into}`;
}

/** What `apt-get -s install` says that it would add: the package and libraries that are missing. */
export function packagesInPlan(plan: string): string[] {
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap((match) => match[1] ?? []);
}

/** The system's sources and keys are read; everything that is written goes to `folder`. */
function aptConfiguration(folder: string): string {
  return `Dir::State "${folder}/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "${folder}/cache";
Debug::NoLocking "true";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Acquire::Retries "1";
`;
}
