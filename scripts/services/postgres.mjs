import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDockerAnswering, startInDocker } from "./docker.mjs";
import { unprivilegedUser } from "./places.mjs";
import { embeddedPostgres, installedPostgres } from "./postgres-binaries.mjs";
import { DATABASE, hasCluster, preparePostgresFolder, setPassword } from "./postgres-folder.mjs";
import { identify, stopProcess } from "./process.mjs";
import { adoptServer, startServer } from "./server.mjs";
import { readState, whileLocked, writeState } from "./state.mjs";

/**
 * @typedef {object} PostgresOptions
 * @property {string} dataDir its state and log lie beside it, as `<dataDir>.json` and `.log`
 * @property {number} [port] exactly this one; otherwise the remembered or a free one
 * @property {number} [preferredPort] when nothing is remembered
 * @property {(line: string) => void} [log]
 * @property {Record<string, string | number>} [settings] as in postgresql.conf
 */

/**
 * A PostgreSQL server on 127.0.0.1 with its data in `dataDir`: the one that already runs there,
 * else the embedded one from npm, else one that is installed, else one in Docker.
 * @param {PostgresOptions} options
 * @returns {Promise<import("./server.mjs").Service>}
 */
export async function startPostgres(options) {
  const { dataDir } = options;
  return whileLocked(`${dataDir}.lock`, async () => {
    const problems = [];
    for (const findBinaries of [embeddedPostgres, installedPostgres]) {
      try {
        return await startWith(
          findBinaries({ user: unprivilegedUser(), major: majorOf(dataDir) }),
          options,
        );
      } catch (error) {
        // Data that is there must not be replaced by another source's empty database.
        if (hasCluster(dataDir) && !(error instanceof RangeError)) throw error;
        problems.push(/** @type {Error} */ (error).message);
      }
    }
    if (!hasCluster(dataDir) && isDockerAnswering()) return startContainer(options);
    throw new Error(`No PostgreSQL can be had here.\n  ${problems.join("\n  ")}\n  ${ADVICE}`);
  });
}

const ADVICE =
  "Install one (Debian, Ubuntu: sudo apt-get install postgresql), start Docker, or set DATABASE_URL.";

/**
 * @param {import("./postgres-binaries.mjs").PostgresBinaries} binaries
 * @param {PostgresOptions} options
 */
async function startWith(
  binaries,
  { dataDir, port, preferredPort, log = () => {}, settings = {} },
) {
  const user = unprivilegedUser();
  const known = readState(dataDir).password;
  const password = known ?? newPassword();
  const kind = {
    name: "PostgreSQL",
    dataDir,
    how: binaries.how,
    stopSignal: /** @type {const} */ ("SIGINT"),
    urlOf: (/** @type {number} */ at) => urlOf(password, at),
    isReady: (/** @type {{ pid: number }} */ { pid }) => isReady(dataDir, pid),
    command: (/** @type {number} */ at) => ({
      command: join(binaries.folder, "postgres"),
      args: ["-D", dataDir, ...settingArguments({ ...settings, port: at })],
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      uid: user?.uid,
      gid: user?.gid,
    }),
  };

  const running = known ? await adoptServer(kind) : null;
  if (running) return running;
  await endForgottenServer(dataDir);
  const lasting = settings.fsync !== "off";
  const isNew = !hasCluster(dataDir);
  await preparePostgresFolder({ dataDir, binaries, user, password, lasting, log });
  if (!known && !isNew) await setPassword({ dataDir, binaries, user, password });
  writeState(dataDir, { ...readState(dataDir), password });
  return startServer(kind, { port, preferredPort });
}

/** @param {Record<string, string | number>} settings */
function settingArguments(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** The server writes "ready" into the last line of its own pid file. */
function isReady(/** @type {string} */ dataDir, /** @type {number} */ pid) {
  const lines = readPidFile(dataDir);
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

/**
 * A killed run leaves a pid file, and sometimes the server itself. The file must go even when its
 * number now belongs to something else, or PostgreSQL would refuse to start.
 * @param {string} dataDir
 */
async function endForgottenServer(dataDir) {
  const [pid] = readPidFile(dataDir);
  if (pid === undefined) return;
  const found = identify(Number(pid));
  if (found && commandOf(found.pid).includes(dataDir)) {
    await stopProcess(found, { signal: "SIGINT" });
  }
  rmSync(join(dataDir, "postmaster.pid"), { force: true });
}

/** @param {string} dataDir */
function readPidFile(dataDir) {
  try {
    return readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

/** @param {number} pid */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} dataDir */
function majorOf(dataDir) {
  return hasCluster(dataDir)
    ? Number(readFileSync(join(dataDir, "PG_VERSION"), "utf8"))
    : undefined;
}

const newPassword = () => randomBytes(18).toString("hex");

/**
 * @param {string} password
 * @param {number} port
 */
function urlOf(password, port) {
  return `postgres://${DATABASE}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** @param {PostgresOptions} options */
function startContainer({ dataDir, port, preferredPort, log = () => {}, settings = {} }) {
  const password = readState(dataDir).password ?? newPassword();
  return startInDocker({
    name: "PostgreSQL",
    image: "postgres:17-alpine",
    dataDir,
    innerPort: 5432,
    volumeAt: "/var/lib/postgresql/data",
    lasting: settings.fsync !== "off",
    password,
    environment: {
      POSTGRES_USER: DATABASE,
      POSTGRES_DB: DATABASE,
      POSTGRES_PASSWORD: password,
    },
    command: [
      "postgres",
      ...settingArguments({ max_connections: 200, timezone: "UTC", ...settings }),
    ],
    healthCommand: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", DATABASE, "-d", DATABASE],
    urlOf: (at) => urlOf(password, at),
    port,
    preferredPort,
    log,
  });
}
