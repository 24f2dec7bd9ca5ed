import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** What the lock file says of a package: for what alone it is needed. */
const needs = {
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  devOptional: z.boolean().default(false),
  peer: z.boolean().default(false),
};
const lockSchema = z.object({ packages: z.record(z.string(), z.object(needs)) });

/**
 * Puts into a folder with a lock file the packages that `npm ci` with these flags installs there, without
 * unpacking them once more: the project has all of them, at the same places, since it was installed
 * from the same lock file.
 *
 * @throws for flags other than `--omit=…`, and for a package that the project has not
 */
export function installAsNpmCi({
  command = "",
  from,
  into,
}: {
  command?: string | undefined;
  from: string;
  into: string;
}): void {
  const [, flags] = /^npm ci((?: --omit=(?:dev|optional|peer))*)$/.exec(command) ?? [];
  if (flags === undefined) throw new Error(`What does ${command || "this"} install?`);
  const omitted = new Set(flags.match(/\w+(?= |$)/g));
  const { packages } = lockSchema.parse(
    JSON.parse(readFileSync(join(into, "package-lock.json"), "utf8")),
  );
  for (const [path, { dev, optional, devOptional, peer }] of Object.entries(packages)) {
    const isOmitted =
      (dev && omitted.has("dev")) ||
      (optional && omitted.has("optional")) ||
      (devOptional && omitted.has("dev") && omitted.has("optional")) ||
      (peer && omitted.has("peer"));
    if (path !== "" && !isOmitted) linkFiles(join(from, path), join(into, path));
  }
}

/** The packages inside a package stand in the lock file, too. */
function linkFiles(from: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const [source, target] = [join(from, entry.name), join(into, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // Another disk.
    copyFileSync(source, target);
  }
}
