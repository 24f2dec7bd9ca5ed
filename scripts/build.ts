// Builds everything that runs in production into build/ and public/build/.
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { execa } from "execa";
import { projectFolder } from "./services/places.ts";

/** What runs without Remix. The Remix build itself stays one module, loaded by the web server. */
const PROGRAMS = {
  server: "app/web/server.ts",
  worker: "worker/main.ts",
  migrate: "scripts/migrate.ts",
  seed: "scripts/seed.ts",
  ops: "scripts/ops.ts",
};

const publicBuild = join(projectFolder, "public/build");
// Files of earlier builds would be published, and compressed, for ever.
rmSync(publicBuild, { recursive: true, force: true });
await buildRemix();
finishAssets(publicBuild);
await buildPrograms();

async function buildRemix(): Promise<void> {
  const remix = createRequire(import.meta.url).resolve("@remix-run/dev/package.json");
  const args = [join(dirname(remix), "dist/cli.js"), "build", "--sourcemap"];
  const { exitCode, stderr } = await execa(process.execPath, args, {
    cwd: projectFolder,
    stdin: "ignore",
    stdout: "inherit",
    reject: false,
    env: { NODE_ENV: "production", VITE_CJS_IGNORE_WARNING: "1" },
  });
  // The compiler warns that browsers would get the source maps; `finishAssets` sees to that.
  const rest = stderr.replace(/\[warn\].*source maps enabled in production[^┗]*┗\s*/u, "");
  if (rest) process.stderr.write(`${rest}\n`);
  if (exitCode !== 0) process.exit(exitCode ?? 1);
}

/** Source maps stay with the server: those of the browser build would publish our source. */
function finishAssets(folder: string): void {
  for (const file of globSync("**/*.map", { cwd: folder })) rmSync(join(folder, file));
  for (const name of globSync("**/*.{js,css}", { cwd: folder })) {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*/g, "");
    writeFileSync(file, text);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(`${file}.br`, brotliCompressSync(text, { params }));
  }
}

function buildPrograms() {
  return build({
    absWorkingDir: projectFolder,
    entryPoints: PROGRAMS,
    outdir: "build",
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    packages: "external",
    define: { "process.env.BUILD_VERSION": JSON.stringify(versionOf(projectFolder)) },
    // "sideEffects": false is said for the browser build; programs may import for an effect.
    ignoreAnnotations: true,
    sourcemap: true,
    logLevel: "warning",
  });
}

/** What log lines and spans call this build: VERSION, else the package's version and the commit. */
function versionOf(cwd: string): string {
  if (process.env.VERSION) return process.env.VERSION;
  const { version } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
  const git = spawnSync("git", ["rev-parse", "--short=10", "HEAD"], { cwd, encoding: "utf8" });
  return git.status === 0 ? `${version}+${git.stdout.trim()}` : version;
}
