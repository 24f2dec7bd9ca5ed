import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Temporary folders of test runs start with this name. */
export const TEMPORARY_PREFIX = "mini-compete-test-";

/**
 * Who a server that refuses to run as root runs as: the project's owner when that is somebody
 * else, else an unprivileged account of the system. Undefined when we are not root.
 * @returns {{ uid: number, gid: number, name: string } | undefined}
 */
export function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  const owner = users.find((user) => user.uid === statSync(projectFolder).uid);
  if (owner && owner.uid !== 0) return owner;
  for (const name of ["postgres", "mini-compete", "nobody"]) {
    const user = users.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (user) return user;
  }
  spawnSync("useradd", [
    "--system",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    "mini-compete",
  ]);
  const made = readUsers().find((user) => user.name === "mini-compete");
  if (made) return made;
  throw new Error(
    "PostgreSQL refuses to run as root and this system has no other account.\n" +
      "  Add one with: useradd --system mini-compete",
  );
}

/** The account with that number, when the system knows it. @param {number} uid */
export function userOf(uid) {
  return readUsers().find((user) => user.uid === uid);
}

function readUsers() {
  const lines = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8").split("\n") : [];
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/**
 * Whether that account can enter or read a path, asked of the system itself.
 * @param {string} path
 * @param {{ uid: number, gid: number }} user
 */
export function canReach(path, { uid, gid }) {
  const test = ["-c", 'test -r "$0" && { test ! -d "$0" || test -x "$0"; }', path];
  return spawnSync("/bin/sh", test, { uid, gid, cwd: "/" }).status === 0;
}

/**
 * The folder for lasting data: `.data`, or, where the server's account cannot enter the project
 * (a clone under /root), a folder under /var/lib that `.data/id` points to. It is decided once:
 * data must not seem to vanish because somebody changed a folder's mode.
 * @returns {string}
 */
export function dataFolder() {
  const own = join(projectFolder, ".data");
  mkdirSync(own, { recursive: true });
  if (statSync(own).uid === process.getuid?.()) chmodSync(own, 0o755);
  const user = unprivilegedUser();
  const idFile = join(own, "id");
  if (!user) return own;
  if (!existsSync(idFile) && (existsSync(join(own, "postgres")) || canReach(own, user))) return own;
  if (!existsSync(idFile)) writeFileSync(idFile, randomBytes(6).toString("hex"));
  return makeReachable(join("/var/lib/mini-compete", readFileSync(idFile, "utf8").trim()));
}

/**
 * The folder for what can be downloaded or copied again.
 * @returns {string}
 */
export function cacheFolder() {
  const folder = join(projectFolder, ".cache");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A folder that the system's accounts can enter, made when missing, whatever the umask.
 * @param {string} folder
 */
export function makeReachable(folder) {
  const made = mkdirSync(folder, { recursive: true });
  for (let at = folder; made && at.length >= made.length; at = dirname(at)) chmodSync(at, 0o755);
  return folder;
}

/**
 * A new folder for data that is thrown away. Others may pass through it (the database's account
 * must), but not look into it.
 * @param {string} [purpose]
 * @returns {string}
 */
export function makeTemporaryFolder(purpose = "run") {
  const user = unprivilegedUser();
  const parent = !user || canReach(tmpdir(), user) ? tmpdir() : "/tmp";
  const folder = mkdtempSync(join(parent, `${TEMPORARY_PREFIX}${purpose}-`));
  chmodSync(folder, 0o711);
  return folder;
}
