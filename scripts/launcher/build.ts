import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cacheFolder, projectFolder } from "../services/places.ts";
import { whileLocked } from "../services/state.ts";
import { runToEnd } from "./programs.ts";

/** What a build is made of; tests are no part of it. */
const SOURCES = ["{app,worker,migrations,scripts}/**", "*.{json,js}"];
/** What a build must have made. */
const PRODUCTS = ["build/index.js", "build/server.js", "build/worker.js", "public/build"];

const stamp = join(projectFolder, "build/.sources");

/** Builds, unless the last build was made of the same sources. */
export async function ensureBuild(log: (line: string) => void): Promise<void> {
  await whileLocked(join(cacheFolder, "build"), async () => {
    const sources = hashSources(projectFolder);
    const isThere = PRODUCTS.every((path) => existsSync(join(projectFolder, path)));
    if (isThere && existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
    const started = Date.now();
    log("Build: building");
    forgetBuild();
    const env = { ...process.env, NODE_ENV: "production" } as Record<string, string>;
    await runToEnd(["scripts/build.ts"], "The build failed; see it with `npm run build`", env);
    writeFileSync(stamp, sources);
    log(`Build: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
}

/** Makes the next `ensureBuild` build: for whoever puts something else into build/. */
export function forgetBuild(): void {
  rmSync(stamp, { force: true });
}

/** A fingerprint of everything that a build reads. */
export function hashSources(folder: string): string {
  const hash = createHash("sha256").update(process.version);
  const files = globSync(SOURCES, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const file of files.sort()) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex");
}
