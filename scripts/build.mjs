// Builds everything that runs in production into build/ and public/build/.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** What runs without Remix. The Remix build itself stays one module, loaded by the web server. */
const PROGRAMS = {
  server: "app/web/server.ts",
  worker: "worker/main.ts",
  migrate: "scripts/migrate.ts",
  seed: "scripts/seed.ts",
  ops: "scripts/ops.ts",
};

/** Builds the programs (and only them), with `define` for the builds that tests make. */
export async function buildPrograms({ outdir = join(root, "build"), define = {} } = {}) {
  const entryPoints = Object.fromEntries(
    Object.entries(PROGRAMS).filter(([, file]) => existsSync(join(root, file))),
  );
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    define,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    // "sideEffects": false is said for the browser build; programs may import for an effect.
    ignoreAnnotations: true,
    sourcemap: true,
    logLevel: "warning",
  });
}

function buildRemix() {
  const remixDev = createRequire(import.meta.url).resolve("@remix-run/dev/package.json");
  const { bin } = JSON.parse(readFileSync(remixDev, "utf8"));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(dirname(remixDev), bin.remix), "build", "--sourcemap"],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "inherit", "pipe"],
      env: { ...process.env, NODE_ENV: "production", VITE_CJS_IGNORE_WARNING: "1" },
    },
  );
  // The compiler warns that browsers would get the source maps; `finishAssets` sees to that.
  process.stderr.write(stderr.replace(/\[warn\].*source maps enabled in production[^┗]*┗\s*/u, ""));
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Source maps stay with the server: those of the browser build would publish our source.
 * @param {string} folder
 */
function finishAssets(folder) {
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    const file = join(folder, name);
    if (name.endsWith(".map")) {
      rmSync(file);
    } else if (/\.(js|css)$/.test(name)) {
      const text = readFileSync(file, "utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*/g, "");
      writeFileSync(file, text);
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      writeFileSync(`${file}.br`, brotliCompressSync(text, { params }));
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const publicBuild = join(root, "public/build");
  // Files of earlier builds would be published, and compressed, for ever.
  rmSync(publicBuild, { recursive: true, force: true });
  buildRemix();
  finishAssets(publicBuild);
  await buildPrograms();
}
