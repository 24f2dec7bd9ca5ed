import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./places.mjs";
import { describeRedis, isOnPath } from "./redis-binaries.mjs";
import { whileLocked } from "./state.mjs";

/**
 * Redis from the packages of Debian or Ubuntu, without root and without installing anything:
 * downloaded with apt into folders of our own and unpacked into the project's cache.
 * @param {(line: string) => void} log
 * @returns {Promise<import("./redis-binaries.mjs").RedisBinary>} throws with the reason
 */
export async function downloadedRedis(log) {
  const folder = join(cacheFolder(), "redis");
  return whileLocked(`${folder}.lock`, async () => {
    if (existsSync(folder)) {
      try {
        return findIn(folder);
      } catch {
        // Unpacked by another system, or by half: once more.
      }
    }
    if (!isOnPath("apt-get")) throw new Error("No redis-server and no apt-get on the PATH.");
    log("Redis: none here, downloading the system's package into .cache (nothing is installed)");
    const draft = `${folder}.draft`;
    const reasons = new Set();
    for (const name of ["redis-server", "valkey-server"]) {
      rmSync(draft, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
      try {
        await unpackPackage({ name, into: draft, apt: join(cacheFolder(), "apt") });
        renameSync(draft, folder);
        return findIn(folder);
      } catch (error) {
        reasons.add(/** @type {Error} */ (error).message);
      }
    }
    throw new Error([...reasons].join("\n  "));
  });
}

/**
 * The server in an unpacked package; throws when there is none that runs here.
 * @param {string} folder
 * @returns {import("./redis-binaries.mjs").RedisBinary}
 */
function findIn(folder) {
  const program = ["redis-server", "valkey-server"]
    .map((name) => join(folder, "usr/bin", name))
    .find((path) => existsSync(path));
  if (!program) throw new Error("The package holds no server.");
  const before = process.env.LD_LIBRARY_PATH;
  const path = [...libraryFolders(folder), ...(before ? [before] : [])].join(":");
  const found = describeRedis(program, { ...process.env, LD_LIBRARY_PATH: path });
  return { ...found, how: `${found.how} from the system's packages (.cache/redis)` };
}

/** @param {string} folder */
function libraryFolders(folder) {
  return ["usr/lib", "lib"].flatMap((base) => {
    const path = join(folder, base);
    if (!existsSync(path)) return [];
    const nested = readdirSync(path).filter((name) => name.includes("-linux-"));
    return [path, ...nested.map((name) => join(path, name))];
  });
}

/**
 * @param {{ name: string, into: string, apt: string }} options
 */
async function unpackPackage({ name, into, apt }) {
  const archives = join(into, "archives");
  for (const part of ["state/lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(apt, part), { recursive: true });
  }
  mkdirSync(archives, { recursive: true });
  const configuration = join(apt, "apt.conf");
  writeFileSync(configuration, aptConfiguration(apt));
  const env = { ...process.env, APT_CONFIG: configuration, LC_ALL: "C" };

  await run("apt-get", ["update", "-q"], { env, cwd: archives });
  const plan = await run("apt-get", ["-s", "--no-install-recommends", "install", name], {
    env,
    cwd: archives,
  });
  const packages = packagesInPlan(plan);
  if (packages.length === 0) throw new Error(`apt has no plan to install ${name}`);
  await run("apt-get", ["download", "-q", ...packages], { env, cwd: archives });
  for (const archive of readdirSync(archives)) {
    await run("dpkg-deb", ["-x", join(archives, archive), into], { env, cwd: archives });
  }
  rmSync(archives, { recursive: true, force: true });
}

/**
 * What `apt-get -s install` says that it would add: the package and the libraries that are not
 * on this machine yet.
 * @param {string} plan
 * @returns {string[]}
 */
export function packagesInPlan(plan) {
  return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => /** @type {string} */ (match[1]));
}

/** The system's sources and keys are read; everything that is written goes to `folder`. */
function aptConfiguration(/** @type {string} */ folder) {
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

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd: string }} options
 * @returns {Promise<string>} what it printed
 */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.once("error", (error) => reject(new Error(`${command}: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) return resolve(output);
      const last = errors.trim().split("\n").slice(-2).join(" ");
      reject(new Error(`${command} ${args[0]} failed: ${last}`));
    });
  });
}
