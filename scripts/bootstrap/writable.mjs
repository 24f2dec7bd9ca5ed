import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, userOf } from "../services/places.mjs";
import { Refusal } from "./refusal.mjs";

/** What the commands write into. */
const FOLDERS = [".", ".data", ".cache", "node_modules", "build", "public", "public/build"];

/** Refuses a project that an earlier run under another account (sudo) has made ours no more. */
export function requireWritableProject() {
  const blocked = FOLDERS.map((name) => join(projectFolder, name)).filter((path) => {
    if (!existsSync(path)) return false;
    try {
      accessSync(path, constants.W_OK);
      return false;
    } catch {
      return true;
    }
  });
  const [first] = blocked;
  if (first === undefined) return;
  const owner = statSync(first).uid;
  throw new Refusal(
    `${blocked.join(", ")} cannot be written to: it belongs to ${userOf(owner)?.name ?? owner}.\n` +
      `  Give it back with: sudo chown -R "$(id -un)" ${blocked.join(" ")}`,
  );
}
