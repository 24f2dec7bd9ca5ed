import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The project's folder. */
export const projectFolder = join(import.meta.dirname, "../..");

/** For what can be downloaded or built again. */
export const cacheFolder = join(projectFolder, ".cache");

/** For what must last. */
export const dataFolder = join(projectFolder, ".data");

/** Temporary folders of test runs start with this name. */
export const TEMPORARY_PREFIX = "mini-compete-test-";

/**
 * A new folder for data that is thrown away. Other accounts may pass through it (the database's
 * must), but not look into it.
 */
export function makeTemporaryFolder(purpose = "run"): string {
  const folder = mkdtempSync(join(tmpdir(), `${TEMPORARY_PREFIX}${purpose}-`));
  chmodSync(folder, 0o711);
  return folder;
}
