// Builds everything that runs in production into build/ and public/build/.
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";
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

/**
 * Packages of hundreds of small modules, which take longer to find and read than to run: made one
 * module each, a program starts in two thirds of the time. All others stay in node_modules.
 */
const MERGED = /^(@mikro-orm\/|(kysely|zod)(\/|$))/;

const publicBuild = join(projectFolder, "public/build");
const packagesBuild = join(projectFolder, "build/packages");
// Files of earlier builds would be published, and compressed, for ever.
for (const folder of [publicBuild, packagesBuild]) rmSync(folder, { recursive: true, force: true });
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

async function buildPrograms(): Promise<void> {
  const common = {
    absWorkingDir: projectFolder,
    outdir: "build",
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // "sideEffects": false is said for the browser build; programs may import for an effect.
    ignoreAnnotations: true,
    logLevel: "warning",
  } as const satisfies BuildOptions;
  const merged: Record<string, string> = {};
  const nameOf = (path: string) => {
    const name = path.replace("@", "").replaceAll(/\W+/g, "-");
    merged[name] = path;
    return `./packages/${name}.js`;
  };
  const define = { "process.env.BUILD_VERSION": JSON.stringify(versionOf(projectFolder)) };
  const options = { ...common, plugins: [packages(nameOf)], define, sourcemap: true };
  await build({ ...options, entryPoints: PROGRAMS });
  // Remix' build is as it was, but for where it finds packages.
  await build({ ...options, entryPoints: { index: "build/index.js" }, allowOverwrite: true });
  await build({
    ...common,
    outdir: packagesBuild,
    entryPoints: merged,
    // What several of them need is there once.
    splitting: true,
    plugins: [packages(() => null)],
  });
}

/** @param nameOf where a merged package is imported from; null puts it inside */
function packages(nameOf: (path: string) => string | null): Plugin {
  return {
    name: "packages",
    setup({ onResolve }) {
      onResolve({ filter: /^[^./~]/ }, ({ path, kind }) => {
        if (kind === "entry-point") return undefined;
        const found = MERGED.test(path) ? nameOf(path) : path;
        return found === null ? undefined : { path: found, external: true };
      });
    },
  };
}

/** What log lines and spans call this build: VERSION, else the package's version and the commit. */
function versionOf(cwd: string): string {
  if (process.env.VERSION) return process.env.VERSION;
  const { version } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
  const git = spawnSync("git", ["rev-parse", "--short=10", "HEAD"], { cwd, encoding: "utf8" });
  return git.status === 0 ? `${version}+${git.stdout.trim()}` : version;
}
