import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../services/places.mjs";
import { whileLocked } from "../services/state.mjs";
import { Refusal } from "./refusal.mjs";

/** What a build is made of. */
const SOURCES = ["app", "worker", "migrations", "scripts"];
const SOURCE_FILES = ["package.json", "package-lock.json", "remix.config.js", "tsconfig.json"];
/** What a build must have made. */
const PRODUCTS = ["build/index.js", "build/server.js", "build/worker.js", "public/build"];

const stamp = join(projectFolder, "build/.sources");

/**
 * Builds, unless the last build was made of the same sources.
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureBuild({ log }) {
  await whileLocked(join(projectFolder, ".cache/build.lock"), async () => {
    const sources = hashSources(projectFolder);
    const isThere = PRODUCTS.every((path) => existsSync(join(projectFolder, path)));
    if (isThere && existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
    const started = Date.now();
    log("Build: building");
    forgetBuild();
    await runBuild();
    writeFileSync(stamp, sources);
    log(`Build: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
}

/** Makes the next `ensureBuild` build: for whoever puts something else into build/. */
export function forgetBuild() {
  rmSync(stamp, { force: true });
}

/**
 * A fingerprint of everything that a build reads.
 * @param {string} folder
 */
export function hashSources(folder) {
  const hash = createHash("sha256").update(process.version);
  const files = SOURCES.flatMap((name) => filesIn(folder, name));
  for (const file of [...files, ...SOURCE_FILES].sort()) {
    const path = join(folder, file);
    if (existsSync(path)) hash.update(file).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string[]} paths relative to the folder; tests are no part of a build
 */
function filesIn(folder, name) {
  if (!existsSync(join(folder, name))) return [];
  return readdirSync(join(folder, name), { recursive: true })
    .map((path) => join(name, String(path)))
    .filter((path) => !path.includes(".test.") && statSync(join(folder, path)).isFile());
}

function runBuild() {
  const env = /** @type {NodeJS.ProcessEnv} */ ({ ...process.env, NODE_ENV: "production" });
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ["scripts/build.mjs"], {
        cwd: projectFolder,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      child.stdout.on("data", (chunk) => (output += chunk));
      child.stderr.on("data", (chunk) => (output += chunk));
      child.once("error", reject).once("close", (code) => {
        if (code === 0) return resolve();
        reject(
          new Refusal(`The build failed:\n\n${output.trim()}\n\n  See it with: npm run build`),
        );
      });
    })
  );
}
