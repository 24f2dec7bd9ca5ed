import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { isDockerAnswering, startInDocker } from "./docker.mjs";
import { downloadedRedis } from "./redis-apt.mjs";
import { installedRedis } from "./redis-binaries.mjs";
import { adoptServer, startServer } from "./server.mjs";
import { readState, whileLocked, writeState } from "./state.mjs";

/**
 * @typedef {object} RedisOptions
 * @property {string} dataDir its state and log lie beside it, as `<dataDir>.json` and `.log`
 * @property {number} [port] exactly this one; otherwise the remembered or a free one
 * @property {number} [preferredPort] when nothing is remembered
 * @property {(line: string) => void} [log]
 * @property {string[]} [args] for the server; they win over what we set (noeviction, append-only)
 * @property {string} [password] otherwise the remembered or a new one
 * @property {boolean} [inDocker] false: never, since nodes that find each other must see real ports
 */

/** Arguments for a Redis that keeps nothing on the disk. */
export const REDIS_IN_MEMORY = ["--appendonly", "no", "--save", ""];

/**
 * A Redis (or Valkey) 7 or newer on 127.0.0.1 with its data in `dataDir`: the one that already
 * runs there, else one that is installed, else one in Docker, else the system's package,
 * downloaded without being installed.
 * @param {RedisOptions} options
 * @returns {Promise<import("./server.mjs").Service>}
 */
export async function startRedis(options) {
  const { dataDir, inDocker = true, log = () => {} } = options;
  return whileLocked(`${dataDir}.lock`, async () => {
    const password =
      options.password ?? readState(dataDir).password ?? randomBytes(18).toString("hex");
    const installed = installedRedis();
    if (installed) return startWith(installed, { ...options, password });
    if (inDocker && isDockerAnswering()) return startContainer({ ...options, password });
    try {
      return await startWith(await downloadedRedis(log), { ...options, password });
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      throw new Error(
        `No Redis can be had here.\n  ${reason}\n  Get one with: ${installCommand()}\n` +
          "  (7 or newer; where the system's is older: https://redis.io/docs/latest/get-started/),\n" +
          "  or start Docker, or set REDIS_URL.",
      );
    }
  });
}

/**
 * @param {import("./redis-binaries.mjs").RedisBinary} binary
 * @param {RedisOptions & { password: string }} options
 */
async function startWith(
  { program, env, how },
  { dataDir, password, port, preferredPort, args = [] },
) {
  const kind = {
    name: "Redis",
    dataDir,
    how,
    stopSignal: /** @type {const} */ ("SIGTERM"),
    urlOf: (/** @type {number} */ at) => `redis://:${password}@127.0.0.1:${at}`,
    isReady: (/** @type {{ port: number }} */ { port: at }) => isAnswering({ port: at, password }),
    command: (/** @type {number} */ at) => ({
      command: program,
      args: [join(dataDir, "redis.conf"), "--port", String(at), ...args],
      env,
    }),
  };
  const running = await adoptServer(kind);
  if (running) return running;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // In a file, because the arguments of a process are there for everybody to read.
  writeFileSync(join(dataDir, "redis.conf"), configuration({ dataDir, password }), { mode: 0o600 });
  writeState(dataDir, { ...readState(dataDir), password });
  return startServer(kind, { port, preferredPort });
}

/** @param {{ dataDir: string, password: string }} options */
function configuration({ dataDir, password }) {
  return `bind 127.0.0.1
requirepass ${password}
dir "${dataDir}"
maxmemory-policy noeviction
appendonly yes
save ""
`;
}

/**
 * Whether the server answers and has loaded its data.
 * @param {{ port: number, password: string }} server
 * @returns {Promise<boolean>}
 */
function isAnswering({ port, password }) {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let answer = "";
    socket.setTimeout(1000, () => socket.destroy());
    socket.once("error", () => {}).once("close", () => resolve(answer.includes("+PONG")));
    socket.on("data", (chunk) => (answer += chunk));
    socket.end(`AUTH ${password}\r\nPING\r\nQUIT\r\n`);
  });
}

/** The command that installs a Redis on this system. */
function installCommand() {
  if (process.platform === "darwin") return "brew install redis";
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const id = /^ID=(.*)$/m.exec(release)?.[1] ?? "";
  if (/alpine/.test(id)) return "apk add redis";
  if (/fedora|rhel|centos|rocky|alma/.test(id)) return "sudo dnf install valkey";
  if (/arch/.test(id)) return "sudo pacman -S valkey";
  if (/suse/.test(id)) return "sudo zypper install redis";
  return "sudo apt-get install redis-server";
}

/** @param {RedisOptions & { password: string }} options */
function startContainer({ dataDir, password, port, preferredPort, log = () => {}, args = [] }) {
  const keep = ["--appendonly", "yes", "--maxmemory-policy", "noeviction"];
  return startInDocker({
    name: "Redis",
    image: "valkey/valkey:8-alpine",
    dataDir,
    innerPort: 6379,
    volumeAt: "/data",
    lasting: !args.includes("--appendonly"),
    password,
    command: ["valkey-server", "--requirepass", password, ...keep, ...args],
    healthCommand: ["valkey-cli", "--no-auth-warning", "-a", password, "ping"],
    urlOf: (at) => `redis://:${password}@127.0.0.1:${at}`,
    port,
    preferredPort,
    log,
  });
}
