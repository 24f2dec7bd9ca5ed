// `--import` lets Node run this project's TypeScript as it stands: it finds "~/…" and files that are
// imported without their ending. Node itself leaves the types out, which takes a third of the time
// that a loader takes which compiles; the tests start many such programs.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { projectFolder } from "../../scripts/services/places.ts";
import { findMerged } from "./merged-packages.ts";

const app = pathToFileURL(join(projectFolder, "app/"));
const ENDINGS = [".ts", "/index.ts"];

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = "" } = context;
    if (parentURL.includes("/node_modules/")) return next(specifier, context);
    const merged = findMerged(specifier);
    if (merged) return next(pathToFileURL(merged).href, context);
    const isOurs = specifier.startsWith("~/");
    if (!isOurs && !specifier.startsWith(".")) return next(specifier, context);
    const url = isOurs ? new URL(specifier.slice(2), app) : new URL(specifier, parentURL);
    const found = ["", ...ENDINGS].map((ending) => url.href + ending).find(isFile);
    return next(found ?? specifier, context);
  },
});

function isFile(href: string): boolean {
  const path = fileURLToPath(href);
  return /\.\w+$/.test(path) && existsSync(path);
}
