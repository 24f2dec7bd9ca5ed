import { spawn } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { userOf } from "./places.mjs";

export const DATABASE = "mini_compete";

/**
 * Makes sure that a complete database cluster is in the folder. It is made beside it and renamed
 * into place when complete, so a start that was killed half-way leaves nothing that looks ready.
 * @param {object} options
 * @param {string} options.dataDir
 * @param {import("./postgres-binaries.mjs").PostgresBinaries} options.binaries
 * @param {{ uid: number, gid: number }} [options.user] who the server runs as, when not we
 * @param {string} options.password
 * @param {boolean} options.lasting whether the files must survive a power cut
 * @param {(line: string) => void} options.log
 */
export async function preparePostgresFolder({ dataDir, binaries, user, password, lasting, log }) {
  mkdirSync(dirname(dataDir), { recursive: true });
  removeDrafts(dataDir);
  if (!hasCluster(dataDir)) {
    setAside(dataDir, log);
    await createCluster({ dataDir, binaries, user, password, lasting });
  }
  refuseForeign(dataDir, user);
}

/** @param {string} dataDir */
export function hasCluster(dataDir) {
  const essential = [
    "PG_VERSION",
    "postgresql.conf",
    "pg_hba.conf",
    "global/pg_control",
    "pg_wal",
    "base",
  ];
  return essential.every((name) => existsSync(join(dataDir, name)));
}

/**
 * What is there but is no complete cluster is kept under another name: it may be somebody's data.
 * @param {string} dataDir
 * @param {(line: string) => void} log
 */
function setAside(dataDir, log) {
  if (!existsSync(dataDir)) return;
  if (readdirSync(dataDir).length === 0) return rmdirSync(dataDir);
  const aside = `${dataDir}.incomplete-${Date.now()}`;
  renameSync(dataDir, aside);
  log(`PostgreSQL: the data folder was only half made; moved to ${aside}, starting with a new one`);
}

/** @param {string} dataDir */
function removeDrafts(dataDir) {
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(`${basename(dataDir)}.draft`)) continue;
    rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
  }
}

/** @param {Omit<Parameters<typeof preparePostgresFolder>[0], "log">} options */
async function createCluster({ dataDir, binaries, user, password, lasting }) {
  const draft = `${dataDir}.draft`;
  const passwordFile = `${dataDir}.draft-password`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);

  await run(
    join(binaries.folder, "initdb"),
    [
      ...["-D", draft, "-U", DATABASE, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--no-instructions", ...(lasting ? [] : ["--no-sync"])],
      ...localeArguments(binaries.major),
    ],
    { user },
  );
  rmSync(passwordFile);
  appendFileSync(join(draft, "postgresql.conf"), CONFIGURATION);
  // Single-user mode: the package has no client program, and none is needed for this.
  const single = ["--single", ...(lasting ? [] : ["-F"]), "-D", draft, "postgres"];
  await run(join(binaries.folder, "postgres"), single, {
    user,
    input: `CREATE DATABASE ${DATABASE}\n`,
  });
  renameSync(draft, dataDir);
}

const CONFIGURATION = `
# Added by scripts/services: reachable from this machine only, and through TCP only.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
`;

/** The same sorting and lower-casing on every machine. @param {number} major */
function localeArguments(major) {
  return major >= 17
    ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    : ["--locale=C.UTF-8"];
}

/**
 * @param {string} dataDir
 * @param {{ uid: number }} [user]
 */
function refuseForeign(dataDir, user) {
  const uid = user?.uid ?? process.getuid?.();
  const owner = statSync(dataDir).uid;
  if (uid === undefined || owner === uid) return;
  const name = userOf(owner)?.name ?? `account ${owner}`;
  throw new Error(
    `The data in ${dataDir} belongs to ${name}, who ran this earlier.\n` +
      `  Run as that account (or root), or start empty: sudo mv ${dataDir} ${dataDir}-${name}`,
  );
}

/**
 * Gives the owner of existing data a new password, for when the remembered one is lost.
 * @param {Omit<Parameters<typeof preparePostgresFolder>[0], "log" | "lasting">} options
 */
export async function setPassword({ dataDir, binaries, user, password }) {
  const input = `ALTER ROLE ${DATABASE} PASSWORD '${password}'\n`;
  await run(join(binaries.folder, "postgres"), ["--single", "-D", dataDir, "postgres"], {
    user,
    input,
  });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ user?: { uid: number, gid: number }, input?: string }} options
 */
function run(command, args, { user, input = "" }) {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: "/",
        env,
        stdio: ["pipe", "pipe", "pipe"],
        ...(user ? { uid: user.uid, gid: user.gid } : {}),
      });
      let output = "";
      child.stdout.on("data", (chunk) => (output += chunk));
      child.stderr.on("data", (chunk) => (output += chunk));
      child.once("error", reject);
      child.once("close", (code, signal) => {
        // Single-user mode reports a failed statement in its output, not in its exit code.
        if (code === 0 && !/\b(ERROR|FATAL):/.test(output)) return resolve();
        reject(new Error(`${basename(command)} failed (${signal ?? code}):\n${output.trim()}`));
      });
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    })
  );
}
