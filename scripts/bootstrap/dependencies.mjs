import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../services/places.mjs";
import { whileLocked } from "../services/state.mjs";
import { withProgress } from "./progress.mjs";
import { Refusal } from "./refusal.mjs";

const OLDEST_NODE = [20, 0];

/** Refuses a Node that is too old, before anything else fails because of it. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Refusal(
    `This needs Node ${OLDEST_NODE.join(".")} or newer; this is ${version}.\n` +
      "  Get it from https://nodejs.org/ or with: nvm install 22",
  );
}

/**
 * Installs exactly what package-lock.json names, when node_modules does not hold it yet.
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureDependencies({ log }) {
  if (areDependenciesCurrent(projectFolder)) return;
  await whileLocked(join(projectFolder, ".cache/install.lock"), async () => {
    if (areDependenciesCurrent(projectFolder)) return;
    const started = Date.now();
    log("Dependencies: installing (npm ci), about a minute");
    await withProgress("Dependencies: still installing", log, installAll);
    writeFileSync(stampOf(projectFolder), lockHash(projectFolder));
    log(`Dependencies: installed in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/**
 * Whether node_modules matches the lock file: we installed exactly that, or npm did since.
 * @param {string} folder
 */
export function areDependenciesCurrent(folder) {
  const installed = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  const stamp = stampOf(folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash(folder)) return true;
  return statSync(installed).mtimeMs >= statSync(join(folder, "package-lock.json")).mtimeMs;
}

const stampOf = (/** @type {string} */ folder) => join(folder, "node_modules/.installed-lock");

/** @param {string} folder */
function lockHash(folder) {
  return createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
}

function installAll() {
  // NODE_ENV=production in the shell would leave out what builds and tests.
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      spawn(/** @type {string} */ (command), [...before, ...args], {
        cwd: projectFolder,
        stdio: ["ignore", "inherit", "inherit"],
      })
        .once("error", (error) => reject(new Refusal(`npm does not start: ${error.message}`)))
        .once("exit", (code) => {
          if (code === 0) return resolve();
          reject(new Refusal("npm ci failed (its reasons are above). Try again with: npm ci"));
        });
    })
  );
}
