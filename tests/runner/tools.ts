import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { projectFolder } from "../../scripts/services/places.ts";
import { type Counts, countPlaywright, countVitest, judgeStage } from "./reports.ts";
import type { Selection, Stage } from "./stages.ts";

interface Tool {
  /** For node: no shell or npx stands between us and a tool that has to be stopped. */
  args: string[];
  env?: Record<string, string>;
  /** What it found, from its report and its exit code. */
  count(exitCode: number | undefined): Counts | null;
}

/** TypeScript 7. The packages that ask for TypeScript's API get the last one that has it. */
const TSC = "node_modules/typescript-native/bin/tsc";
const PLAYWRIGHT = ["node_modules/@playwright/test/cli.js", "test"];

/**
 * Runs a stage with its tool and counts what it found.
 *
 * @param options.isAlone false: other stages print at the same time, so each line names its stage
 */
export async function runStage(
  { stage, files }: Selection["stages"][number],
  options: {
    name: string | undefined;
    reportFolder: string;
    cancelSignal: AbortSignal;
    isAlone: boolean;
  },
): Promise<Counts> {
  const { name, reportFolder, cancelSignal, isAlone } = options;
  const report = join(reportFolder, `${stage}.json`);
  const { args, env: own, count } = toolOf(stage, { files, name, report });
  // The servers of the tests speak no TLS, whatever the shell asks of others.
  const env = { PGSSLMODE: "disable", ...own };
  const running = { cwd: projectFolder, env, reject: false, cancelSignal } as const;
  const output = isAlone ? "inherit" : ([namingLines(stage), "inherit"] as const);
  const stdio = ["ignore", output, output] as const;
  const answer = await execa(process.execPath, args, { ...running, stdio, killSignal: "SIGINT" });
  const { exitCode } = answer;
  return judgeStage(count(exitCode), { exitCode, byName: name !== undefined });
}

function namingLines(stage: Stage) {
  return function* (line: unknown) {
    yield `${stage.padEnd(11)} │ ${line}`;
  };
}

function toolOf(
  stage: Stage,
  { files, name, report }: { files: string[]; name: string | undefined; report: string },
): Tool {
  if (stage === "lint") return check("node_modules/@biomejs/biome/bin/biome", "check");
  // Beside the browsers, which need the other cores.
  if (stage === "types") return check(TSC, "--noEmit", "--singleThreaded");
  if (stage === "e2e") {
    const paths = files.map((file) => file.replaceAll(".", "\\."));
    const filter = name === undefined ? paths : [...paths, "--grep", name];
    return {
      args: [...PLAYWRIGHT, "--project", "e2e", "--reporter=list,json", ...filter],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      count: () => countReport(report, countPlaywright),
    };
  }
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const filter = name === undefined ? files : [...files, "--testNamePattern", name];
  return {
    args: [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      `${stage}*`,
      ...reporters,
      ...filter,
    ],
    count: () => countReport(report, countVitest),
  };
}

/** A tool that only passes or fails counts as one test. */
function check(...args: string[]): Tool {
  return {
    args,
    count: (exitCode) => ({
      passed: exitCode === 0 ? 1 : 0,
      failed: exitCode === 0 ? 0 : 1,
      skipped: 0,
    }),
  };
}

function countReport<T>(file: string, count: (report: T) => Counts): Counts | null {
  if (!existsSync(file)) return null;
  try {
    return count(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}
