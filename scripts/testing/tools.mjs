import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { projectFolder } from "../services/places.mjs";
import { countPlaywright, countVitest, judgeStage } from "./reports.mjs";

/** @typedef {Record<string, string | undefined>} Environment */

/**
 * Runs one of the tools that only pass or fail; it counts as one test.
 * @param {"lint" | "types"} stage
 * @param {{ running: Set<import("node:child_process").ChildProcess> }} options
 */
export async function runCheck(stage, { running }) {
  const args =
    stage === "lint"
      ? [bin("@biomejs/biome", "biome"), "check"]
      : [bin("typescript", "tsc"), "--noEmit"];
  const exitCode = await run(args, { running });
  const failed = exitCode === 0 ? 0 : 1;
  return { passed: 1 - failed, failed, skipped: 0 };
}

/**
 * Runs a project of vitest and counts its report.
 * @param {string} project
 * @param {{ pattern?: string, env: Environment, reportFolder: string,
 *   running: Set<import("node:child_process").ChildProcess> }} options
 */
export async function runVitest(project, { pattern, env, reportFolder, running }) {
  const report = join(reportFolder, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const filter = pattern ? [pattern] : [];
  const args = [bin("vitest", "vitest"), "run", "--project", project, ...reporters, ...filter];
  const exitCode = await run(args, { env, running });
  return judgeStage(countReport(report, countVitest), exitCode);
}

/**
 * Runs Playwright against the site that `env.BASE_URL` names and counts its report.
 * @param {{ pattern?: string, env: Environment, reportFolder: string,
 *   running: Set<import("node:child_process").ChildProcess> }} options
 */
export async function runPlaywright({ pattern, env, reportFolder, running }) {
  const report = join(reportFolder, "e2e.json");
  const filter = pattern ? [pattern] : [];
  const args = [bin("@playwright/test", "playwright"), "test", "--reporter=list,json", ...filter];
  const exitCode = await run(args, {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    running,
  });
  return judgeStage(countReport(report, countPlaywright), exitCode);
}

/**
 * @template T
 * @param {string} file
 * @param {(report: any) => T} count
 * @returns {T | null}
 */
function countReport(file, count) {
  if (!existsSync(file)) return null;
  try {
    return count(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/**
 * The script of an installed tool: started by node itself, so that no shell or npx stands between
 * us and it when it has to be stopped.
 * @param {string} packageName
 * @param {string} name
 */
function bin(packageName, name) {
  const require = createRequire(join(projectFolder, "package.json"));
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin: bins } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), typeof bins === "string" ? bins : bins[name]);
}

/**
 * @param {string[]} args for node
 * @param {{ env?: Environment, running: Set<import("node:child_process").ChildProcess> }} options
 * @returns {Promise<number | null>} the exit code; null when it was ended by a signal
 */
function run(args, { env = {}, running }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: projectFolder,
      env: /** @type {NodeJS.ProcessEnv} */ ({ ...process.env, ...env }),
      stdio: ["ignore", "inherit", "inherit"],
    });
    running.add(child);
    child.once("error", reject).once("close", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
}
