// Runs a program of this project on Node 24 with its packages installed, fetching what is missing:
// `node scripts/start.mjs [options of node] FILE [arguments]`. It runs on whatever Node the system
// has and before any package is there, so it is plain JavaScript and uses nothing but Node. Standard
// output belongs to the program: another program may read it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { basename, delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache");
const OLDEST_NODE = 24;

/** Node as npm packages: versions and checksums. @type {Record<string, string>} */
const RUNTIMES = {
  "linux-x64":
    "24.21.0 sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "linux-arm64":
    "24.21.0 sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "win-x64":
    "24.21.0 sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  "darwin-x64":
    "24.18.1 sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
};

/** Something that a person must know or do. It is printed without a stack. */
class Refusal extends Error {}

/** @type {import("node:child_process").ChildProcess | undefined} */
let child;
let isStopping = false;
passSignalsOn();
try {
  requireWritableProject();
  const node = await findNode();
  await ensurePackages(node);
  // Early releases of Node 24 call it experimental that they run TypeScript.
  const options = ["--disable-warning=ExperimentalWarning"];
  process.exitCode = await run(node, [...options, ...process.argv.slice(2)], "inherit");
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  if (!isStopping) console.error(`\n${error.message}\n`);
  process.exitCode = isStopping ? 130 : 1;
}

/**
 * Signals go to whatever runs for us at the moment. A signal to npm alone ends npm without ever
 * arriving here; then our parent changes.
 */
function passSignalsOn() {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      isStopping = true;
      if (!child?.kill(signal)) process.exit(130);
    });
  }
  const parent = process.ppid;
  const isOrphan = () => process.env.npm_lifecycle_event && process.ppid !== parent;
  setInterval(() => isOrphan() && child?.kill("SIGTERM"), 500).unref();
}

/** Refuses a project that an earlier run under another account (sudo) made read-only for us. */
function requireWritableProject() {
  for (const name of [".", ".data", ".cache", "node_modules", "build", "public", "public/build"]) {
    const path = join(root, name);
    try {
      if (fs.existsSync(path)) fs.accessSync(path, fs.constants.W_OK);
    } catch {
      throw new Refusal(
        `${path} cannot be written to: it belongs to account ${fs.statSync(path).uid}.\n` +
          `  Give it back with: sudo chown -R "$(id -un)" '${path.replaceAll("'", `'\\''`)}'`,
      );
    }
  }
}

/** The path of a Node that is new enough: the one that runs this, else one fetched into .cache. */
async function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) return process.execPath;
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const [version, integrity] = RUNTIMES[platform]?.split(" ") ?? [];
  if (!version) throw tooOld(`The npm registry has no current Node for ${platform}.`);
  const name = `node-${platform}`;
  const folder = join(cache, `${name}-${version}`);
  const program = join("node_modules", name, "bin", platform === "win-x64" ? "node.exe" : "node");
  const isThere = () => fs.existsSync(folder);
  await unlessDone(isThere, () => fetchNode({ name, version, integrity, folder, program }));
  return join(folder, program);
}

/**
 * Installs the package beside its place and renames it when it has been seen to run, so that an
 * interrupted start leaves nothing that looks ready. npm checks it against the pinned checksum, and
 * takes it from the registry, or its mirror, that this machine is set up for.
 * @param {{ name: string, version: string, integrity?: string, folder: string, program: string }} runtime
 */
async function fetchNode({ name, version, integrity, folder, program }) {
  const own = process.versions.node;
  console.error(
    `Node ${own} is older than ${OLDEST_NODE}: fetching Node ${version} from npm into .cache`,
  );
  fs.mkdirSync(cache, { recursive: true });
  const left = fs.readdirSync(cache).filter((each) => each.startsWith("draft-"));
  for (const each of left) fs.rmSync(join(cache, each), { recursive: true, force: true });
  const draft = fs.mkdtempSync(join(cache, "draft-"));
  const manifest = { name: "runtime", dependencies: { [name]: version } };
  const packages = { "": manifest, [`node_modules/${name}`]: { version, integrity } };
  const lock = { ...manifest, lockfileVersion: 3, packages };
  fs.writeFileSync(join(draft, "package.json"), JSON.stringify(manifest));
  fs.writeFileSync(join(draft, "package-lock.json"), JSON.stringify(lock));
  const code = await npm(process.execPath, ["ci", "--prefix", draft, "--ignore-scripts"]);
  if (code !== 0) throw tooOld("npm could not fetch a newer one; its reasons are above.");
  const answer = spawnSync(join(draft, program), ["--version"], { encoding: "utf8" });
  if (answer.stdout?.trim() !== `v${version}`) {
    throw tooOld(`The one from npm does not run on this system. ${answer.error?.message ?? ""}`);
  }
  fs.renameSync(draft, folder);
}

/** @param {string} reason */
function tooOld(reason) {
  return new Refusal(
    `Mini Compete needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node}. ${reason}\n` +
      `  Get it from https://nodejs.org/en/download or with: nvm install ${OLDEST_NODE}`,
  );
}

/**
 * Installs exactly what package-lock.json names, unless node_modules already holds it.
 * @param {string} node
 */
function ensurePackages(node) {
  return unlessDone(arePackagesCurrent, async () => {
    const started = Date.now();
    console.error("Packages: installing (npm ci), about a minute");
    // NODE_ENV=production in the shell would leave out what builds and tests.
    const code = await npm(node, ["ci", "--include=dev", "--include=optional"]);
    if (code !== 0) throw new Refusal("npm ci failed; its reasons are above. Try again: npm ci");
    fs.writeFileSync(join(root, "node_modules/.installed-lock"), lockHash());
    console.error(`Packages: installed in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/** Whether we installed exactly that, or npm installed something since the lock file changed. */
function arePackagesCurrent() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!fs.existsSync(installed)) return false;
  const stamp = join(root, "node_modules/.installed-lock");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === lockHash()) return true;
  return fs.statSync(installed).mtimeMs >= fs.statSync(join(root, "package-lock.json")).mtimeMs;
}

function lockHash() {
  const lock = fs.readFileSync(join(root, "package-lock.json"));
  return createHash("sha256").update(lock).digest("hex");
}

/**
 * Runs npm to its end.
 * @param {string} node that runs it, and the install scripts of the packages
 * @param {string[]} args
 */
function npm(node, args) {
  const { npm_execpath: given = "", PATH = "" } = process.env;
  const beside = join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js");
  const onPath = PATH.split(delimiter).map((folder) => join(folder, "npm"));
  const script = [given, beside, ...onPath]
    .filter((path) => fs.existsSync(path))
    .map((path) => fs.realpathSync(path))
    .find((path) => basename(path) === "npm-cli.js");
  if (!script) throw new Refusal("npm is not on the PATH. It comes with Node: https://nodejs.org/");
  return run(node, [script, ...args, "--no-audit", "--no-fund", "--loglevel=error"], "ignore");
}

/**
 * Runs something on a Node to its end. What it starts itself finds the same Node.
 * @param {string} node
 * @param {string[]} args
 * @param {"inherit" | "ignore"} output
 * @returns {Promise<number>} the exit code
 */
function run(node, args, output) {
  const env = { ...process.env };
  if (node !== process.execPath) {
    const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
    env[path] = [dirname(node), env[path]].filter(Boolean).join(delimiter);
    Object.assign(env, { NODE: node, npm_node_execpath: node });
  }
  return new Promise((resolve, reject) => {
    child = spawn(node, args, { cwd: root, env, stdio: ["inherit", output, "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) => {
      child = undefined;
      resolve(code ?? 130);
    });
  });
}

/**
 * Does the work unless it is done, while no other starter does.
 * @param {() => boolean} isDone
 * @param {() => Promise<void>} work
 */
async function unlessDone(isDone, work) {
  if (isDone()) return;
  let lock = await takeLock();
  if (!lock) console.error("Waiting for another start, which fetches what is missing");
  while (!lock) {
    await delay(200);
    lock = await takeLock();
  }
  try {
    if (!isDone()) await work();
  } finally {
    lock.close();
  }
}

/**
 * A lock that ends with its holder, however that ends: a name that one process can listen on.
 * @returns {Promise<import("node:net").Server | null>} null when another process has it
 */
function takeLock() {
  const hash = createHash("sha256").update(root).digest("hex");
  // Linux' names outside the file system have a fixed length.
  const names = { linux: `\0${hash.padEnd(107, "-")}`, win32: `\\\\.\\pipe\\${hash}` };
  const name = names[/** @type {"linux"} */ (process.platform)];
  const port = 20_000 + (Number.parseInt(hash.slice(0, 8), 16) % 12_000);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    });
    server.listen(name ? { path: name } : { host: "127.0.0.1", port }, () => resolve(server));
  });
}
