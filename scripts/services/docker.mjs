import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { accepts, pickPort } from "./ports.mjs";
import { isRunning, ownIdentity, waitFor } from "./process.mjs";
import { readState, writeState } from "./state.mjs";

/** Whether there is a Docker engine that answers, not only a `docker` command. */
export function isDockerAnswering() {
  return docker(["info", "--format", "{{.ServerVersion}}"], { timeout: 5000 }).ok;
}

/**
 * Runs a server in a container that is removed when it stops; its data is in a named volume.
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.image
 * @param {string} options.dataDir names the container and the volume; holds no files here
 * @param {number} options.innerPort
 * @param {string} options.volumeAt
 * @param {boolean} options.lasting whether the volume outlives `stop`
 * @param {string} options.password
 * @param {Record<string, string>} [options.environment]
 * @param {string[]} options.command
 * @param {string[]} options.healthCommand run inside; succeeds when the server answers
 * @param {(port: number) => string} options.urlOf
 * @param {number} [options.port]
 * @param {number} [options.preferredPort]
 * @param {(line: string) => void} options.log
 * @returns {Promise<import("./server.mjs").Service>}
 */
export async function startInDocker(options) {
  const { name, image, dataDir, log, lasting } = options;
  const id = createHash("sha256").update(dataDir).digest("hex").slice(0, 10);
  const container = `mini-compete-${basename(dataDir)}-${id}`;
  const state = readState(dataDir);
  const how = `${image} in Docker`;

  if (state.container === container && isRunning(state.owner) && state.port && pidOf(container)) {
    const shared = {
      how: `${how}, already running for process ${state.owner?.pid}`,
      started: false,
    };
    return containerService(options, { container, port: state.port, ...shared });
  }
  docker(["rm", "--force", container]);
  if (!docker(["image", "inspect", image]).ok) {
    log(`${name}: downloading the image ${image}`);
    must(docker(["pull", image], { timeout: 600_000, visible: true }), `docker pull ${image}`);
  }
  const port = options.port ?? (await pickPort({ prefer: [state.port, options.preferredPort] }));
  await run(options, { container, port });
  const { password } = options;
  writeState(dataDir, { ...state, port, password, container, how, owner: ownIdentity() });
  return containerService(options, { container, port, how: lasting ? how : `${how}, throw-away` });
}

/**
 * @param {Parameters<typeof startInDocker>[0]} options
 * @param {{ container: string, port: number, how: string, started?: boolean }} at
 * @returns {import("./server.mjs").Service}
 */
function containerService(options, { container, port, how, started = true }) {
  return {
    url: options.urlOf(port),
    port,
    get pid() {
      return pidOf(container);
    },
    how,
    started,
    isRunning: () => pidOf(container) > 0,
    async stop() {
      if (!started) return;
      docker(["stop", "--time", "8", container], { timeout: 20_000 });
      docker(["rm", "--force", container]);
      if (!options.lasting) docker(["volume", "rm", "--force", container]);
    },
    async kill() {
      docker(["kill", container]);
    },
    async restart() {
      docker(["stop", "--time", "8", container], { timeout: 20_000 });
      docker(["rm", "--force", container]);
      await run(options, { container, port });
    },
  };
}

/**
 * @param {Parameters<typeof startInDocker>[0]} options
 * @param {{ container: string, port: number }} at
 */
async function run(options, { container, port }) {
  const { image, innerPort, volumeAt, environment = {}, command, healthCommand } = options;
  const settings = Object.entries(environment).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const publish = ["-p", `127.0.0.1:${port}:${innerPort}`];
  const volume = ["-v", `${container}:${volumeAt}`];
  const args = [
    "run",
    "-d",
    "--name",
    container,
    ...publish,
    ...volume,
    ...settings,
    image,
    ...command,
  ];
  must(docker(args, { timeout: 60_000 }), `docker run ${image}`);
  // From here as well: the ports of a remote engine are not on this machine.
  const answers = async () =>
    docker(["exec", container, ...healthCommand]).ok &&
    (await accepts({ host: "127.0.0.1", port }));
  if (await waitFor(answers, { timeoutMs: 60_000, everyMs: 200 })) return;
  const { output } = docker(["logs", "--tail", "15", container]);
  docker(["rm", "--force", container]);
  throw new Error(`${options.name} in Docker did not answer on 127.0.0.1:${port}:\n${output}`);
}

/** @param {string} container */
function pidOf(container) {
  return Number(docker(["inspect", "--format", "{{.State.Pid}}", container]).output) || 0;
}

/**
 * @param {string[]} args
 * @param {{ timeout?: number, visible?: boolean }} [options]
 */
function docker(args, { timeout = 15_000, visible = false } = {}) {
  const stdio = visible ? /** @type {const} */ ("inherit") : /** @type {const} */ ("pipe");
  const answer = spawnSync("docker", args, { encoding: "utf8", timeout, stdio });
  const output = `${answer.stdout ?? ""}${answer.stderr ?? ""}`.trim();
  return { ok: answer.status === 0, output: answer.error?.message ?? output };
}

/**
 * @param {{ ok: boolean, output: string }} answer
 * @param {string} what
 */
function must({ ok, output }, what) {
  if (!ok) throw new Error(`${what} failed: ${output}`);
}
