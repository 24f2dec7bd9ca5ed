import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { cacheFolder, projectFolder } from "../../scripts/services/places.ts";

/**
 * Packages of hundreds of small modules. Each of the tests' many processes would find and read them
 * anew, which takes half a second; made one module each, as `scripts/build.ts` makes them for
 * production, a tenth.
 */
const MERGED = [
  "@mikro-orm/core",
  "@mikro-orm/migrations",
  "@mikro-orm/postgresql",
  "kysely",
  "zod",
];
/** What is put into them. */
const INSIDE = /^(@mikro-orm\/|(kysely|zod)(\/|$))/;

const PREFIX = "packages-";
const made = join(cacheFolder, PREFIX + fingerprint());

/** Where such a package is as one module; undefined for others, and where nobody made them yet. */
export function findMerged(specifier: string): string | undefined {
  return MERGED.includes(specifier) && existsSync(made) ? fileOf(specifier) : undefined;
}

/** Makes them, unless they are there. @returns the file of each */
export async function mergePackages(): Promise<Map<string, string>> {
  if (!existsSync(made)) await make();
  return new Map(MERGED.map((name) => [name, fileOf(name)]));
}

function fileOf(specifier: string): string {
  return join(made, `${nameOf(specifier)}.js`);
}

function nameOf(specifier: string): string {
  return specifier.replace("@", "").replaceAll("/", "-");
}

/** Of the versions that are installed, and of what is made of them here. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "tests/support/merged-packages.ts"]) {
    hash.update(readFileSync(join(projectFolder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function make(): Promise<void> {
  // Whoever only looks for them needs neither.
  const [{ build }, { whileLocked }] = await Promise.all([
    import("esbuild"),
    import("../../scripts/services/state.ts"),
  ]);
  await whileLocked(join(cacheFolder, PREFIX), async () => {
    if (existsSync(made)) return;
    for (const name of readdirSync(cacheFolder)) {
      if (!name.startsWith(PREFIX) || name.endsWith(".lock")) continue;
      rmSync(join(cacheFolder, name), { recursive: true, force: true });
    }
    await build({
      absWorkingDir: projectFolder,
      entryPoints: Object.fromEntries(MERGED.map((name) => [nameOf(name), name])),
      outdir: `${made}.draft`,
      bundle: true,
      // What several of them need is there once.
      splitting: true,
      platform: "node",
      target: "node24",
      format: "esm",
      plugins: [othersOutside],
      logLevel: "warning",
    });
    renameSync(`${made}.draft`, made);
  });
}

const othersOutside: Plugin = {
  name: "others outside",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || INSIDE.test(path) ? undefined : { path, external: true },
    );
  },
};
