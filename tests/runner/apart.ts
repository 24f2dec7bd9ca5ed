import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../scripts/services/places.ts";

/** The unit tests: those that stand beside their files, and those of the project's own order. */
export const UNIT_TESTS = [
  "{app,worker,scripts,bench}/**/*.test.{ts,tsx}",
  "tests/{architecture,runner}/**/*.test.ts",
];

/**
 * What a test does to all of its process: to its clock, its modules, its environment, its signals, its
 * log and its metrics; and what starts others.
 */
const TOUCHES =
  /\bvi\.(mock|doMock|resetModules|useFakeTimers|spyOn|stub\w+)\b|\bprocess\.(env|on|exit|kill|chdir)\b|\bglobalThis\b|\b(spawn|execFile|fork|execa)\b|\/(log|env|metrics|orm|redis|singleton)"|"prom-client"/;

/**
 * The files of unit tests that need a process of their own. The others share processes, so that each loads what many
 * of them use only once: that takes longer than most of them.
 */
export function apartTests(): string[] {
  const files = globSync(UNIT_TESTS, { cwd: projectFolder });
  return files.filter((file) => TOUCHES.test(readFileSync(join(projectFolder, file), "utf8")));
}
