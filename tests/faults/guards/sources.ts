import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { findMerged } from "../../support/merged-packages";
import { type GuardName, guard } from "./index";
import { applyPatch, type Patch } from "./patch";

export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** Inside the project, so that copies find its packages. */
const COPIES = join(PROJECT, ".cache/patched");

/** What a build, or a program run from its source, reads. */
const SOURCES = [
  "app",
  "worker",
  "migrations",
  "scripts",
  "package.json",
  "remix.config.js",
  "tsconfig.json",
  ".env.example",
];

/** A copy of the project's source with patches applied. */
export interface PatchedSource {
  folder: string;
  /** Programs that run from it must have ended. */
  remove: () => void;
}

/**
 * Copies the source and applies patches to the copy, where programs can be run or built. Packages
 * are those of the project.
 *
 * @throws when a patch does not match exactly once
 */
export function copySource({
  name,
  patches,
  also = [],
}: {
  /** Tells the copy's folder from others. */
  name: string;
  patches: Patch[];
  /** More files and folders of the project that are wanted in the copy. */
  also?: string[];
}): PatchedSource {
  removeOrphans();
  mkdirSync(COPIES, { recursive: true });
  const folder = mkdtempSync(join(COPIES, `${process.pid}-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    for (const path of [...SOURCES, ...also]) {
      cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
    }
    for (const patch of patches) patchFile(folder, patch);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

/** @throws when the patch does not match exactly once */
export function patchFile(folder: string, patch: Patch): void {
  const path = join(folder, patch.file);
  writeFileSync(path, applyPatch(readFileSync(path, "utf8"), patch));
}

/** Undoes what a patch did to a copy. */
export function restoreFile(folder: string, { file }: Patch): void {
  cpSync(join(PROJECT, file), join(folder, file));
}

/** The source without a guard. */
function sourceWithout(name: GuardName): PatchedSource {
  return copySource({ name, patches: guard(name).patches });
}

/** The worker without a guard, in the `build/` of the folder that is returned. */
export async function workerWithout(name: GuardName): Promise<PatchedSource> {
  const source = sourceWithout(name);
  const entryPoints = { worker: "worker/main.ts" };
  await bundle(source.folder, { entryPoints, outdir: "build", plugins: [testsPackages] });
  return source;
}

/**
 * The servers without a guard, in the `build/` of the folder that is returned. The web server has no
 * pages: the API alone takes a twentieth of the time to build. Packages are those of the project's build.
 */
export async function serversWithout(name: GuardName): Promise<PatchedSource> {
  const source = sourceWithout(name);
  const { folder } = source;
  try {
    mkdirSync(join(folder, "build"));
    for (const path of ["build/packages", "public"])
      symlinkSync(join(PROJECT, path), join(folder, path));
    writeFileSync(join(folder, "api-only.ts"), API_ONLY);
    const programs = { server: "app/web/server.ts", worker: "worker/main.ts" };
    const entryPoints = { index: "api-only.ts", ...programs };
    const define = { "process.env.BUILD_VERSION": '"test"' };
    await bundle(folder, {
      entryPoints,
      outdir: "build",
      define,
      packages: "bundle",
      plugins: [mergedPackages],
      loader: { ".css": "empty" },
    });
  } catch (error) {
    source.remove();
    throw error;
  }
  return source;
}

/** What Remix' compiler would make of an application without pages. */
const API_ONLY = `
import * as module from "./app/entry.server";
import config from "./remix.config.js";
export const entry = { module };
export const routes = {};
export const assets = { entry: { imports: [], module: "" }, routes, url: "", version: "" };
export const { future } = config;
export const mode = "production";
export const publicPath = "/build/";
export const assetsBuildDirectory = "public/build";
export const isSpaMode = false;
`;

/** Takes the packages that `scripts/build.ts` has merged from where they are. */
const mergedPackages: Plugin = {
  name: "merged packages",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./~]/ }, ({ path, kind }) => {
      if (kind === "entry-point") return undefined;
      const merged = `./packages/${path.replace("@", "").replaceAll(/\W+/g, "-")}.js`;
      const isMerged = existsSync(join(PROJECT, "build", merged));
      return { path: isMerged ? merged : path, external: true };
    });
  },
};

/** Takes packages from where the tests have them: two copies of one would not know each other's values. */
const testsPackages: Plugin = {
  name: "tests' packages",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./~]/ }, ({ path }) => {
      const merged = findMerged(path);
      return merged ? { path: pathToFileURL(merged).href, external: true } : undefined;
    });
  },
};

/**
 * Imports a door without a guard. Its modules have a state of their own, as another process' would;
 * connections and failpoints are shared with the caller (see `app/platform/singleton.ts`).
 *
 * @param door from the project's folder, for instance `app/domain/registration/index.server.ts`
 */
export async function importWithout<Door>(name: GuardName, door: string): Promise<Door> {
  return importPatched<Door>({ name, patches: guard(name).patches }, door);
}

/** The same for any patches; none at all gives modules with a state of their own. */
export async function importPatched<Door>(
  source: { name: string; patches: Patch[] },
  door: string,
): Promise<Door> {
  const { folder, remove } = copySource({ ...source, also: ["tests/support"] });
  process.once("exit", remove);
  await bundle(folder, {
    entryPoints: [door],
    outfile: "door.mjs",
    // Lua is read from the working directory, which is the project's for the whole process.
    define: { "process.cwd": "folderOfPatchedSource" },
    banner: { js: `const folderOfPatchedSource = () => ${JSON.stringify(folder)};` },
    plugins: [testsPackages],
  });
  const { href } = pathToFileURL(join(folder, "door.mjs"));
  return (await import(/* @vite-ignore */ href)) as Door;
}

/** Makes one module of a program, as `scripts/build.ts` does. Packages stay where they are. */
async function bundle(folder: string, options: BuildOptions): Promise<void> {
  await build({
    packages: "external",
    ...options,
    absWorkingDir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    ignoreAnnotations: true,
    logLevel: "warning",
  });
}

/** Copies of processes that were killed. */
function removeOrphans(): void {
  for (const name of namesIn(COPIES)) {
    if (isRunning(Number.parseInt(name, 10))) continue;
    rmSync(join(COPIES, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
