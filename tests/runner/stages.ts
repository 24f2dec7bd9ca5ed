import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../../scripts/launcher/session.ts";
import { projectFolder } from "../../scripts/services/places.ts";
import { ALONE, MEASURED } from "./recovery.ts";

/** The stages of `npm test`, in their order. */
export const STAGES = [
  "lint",
  "types",
  "unit",
  "integration",
  "e2e",
  "faults",
  "recovery",
] as const;

export type Stage = (typeof STAGES)[number];

/** What is to run, stage by stage; without files all of a stage. */
export interface Selection {
  stages: { stage: Stage; files: string[] }[];
  /** The tests whose name contains this; a regular expression. */
  name: string | undefined;
}

const USAGE = `usage: npm test -- [${STAGES.join("|")}] [file …] [-t name of a test]`;

/** What `npm test -- [stage] [file …] [-t name]` asks for. A file is a path, or a part of one. */
export function parseTestArguments(args: string[], tests = findTests()): Selection {
  const { words, name } = readArguments(args);
  const stage = STAGES.find((candidate) => candidate === words[0]);
  const patterns = (stage ? words.slice(1) : words).map(fromProject);
  if (patterns.length === 0 && name === undefined) {
    return { stages: (stage ? [stage] : STAGES).map((each) => ({ stage: each, files: [] })), name };
  }
  const files = Object.keys(tests)
    .filter((file) => !stage || stageOf(file) === stage)
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)));
  if (files.length === 0) throw new Refusal(`No test file matches ${args.join(" ")}.\n\n${USAGE}`);
  const named = files.filter((file) => name === undefined || tests[file]?.().includes(name));
  // None spells it out: the name is a pattern, or put together from a group's and a test's.
  const chosen = named.length > 0 ? named : files;
  const stages = STAGES.map((each) => {
    return { stage: each, files: chosen.filter((file) => stageOf(file) === each) };
  });
  return { stages: stages.filter((each) => each.files.length > 0), name };
}

/**
 * The stages in shifts that follow each other, each of one lane or more that run at the same time.
 * Browsers and faults wait a lot, so they run beside the rest. Recovery comes last and alone: it is
 * measured how long it takes.
 */
export function shiftsOf(stages: Selection["stages"]): Selection["stages"][][] {
  const lane = (...names: Stage[]) => stages.filter(({ stage }) => names.includes(stage));
  // The lane that ends first goes on with what is short, so that all of them end at about the same time.
  const faults = [...lane("faults"), ...lane("lint", "types", "unit")];
  return [[lane("integration"), lane("e2e"), faults], [lane("recovery")]]
    .map((lanes) => lanes.filter((lane) => lane.length > 0))
    .filter((lanes) => lanes.length > 0);
}

function readArguments(args: string[]): { words: string[]; name: string | undefined } {
  try {
    const options = { testNamePattern: { type: "string", short: "t" } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { words: positionals, name: values.testNamePattern };
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** `./tests/a.test.ts` and `/project/tests/a.test.ts` are the project's `tests/a.test.ts`. */
function fromProject(pattern: string): string {
  return /^\.?\.?\//.test(pattern) ? relative(projectFolder, resolve(pattern)) : pattern;
}

function stageOf(file: string): Stage {
  if (file === ALONE || MEASURED.includes(file)) return "recovery";
  const folder = /^tests\/(integration|e2e|faults)\//.exec(file)?.[1];
  return (folder as Stage | undefined) ?? "unit";
}

/** Every test file, by its path in the project, with what reads it. */
function findTests(): Record<string, () => string> {
  const patterns = [
    "{app,worker,scripts,bench,tests}/**/*.test.{ts,tsx}",
    "tests/e2e/**/*.spec.ts",
  ];
  const files = globSync(patterns, { cwd: projectFolder }).sort();
  const read = (file: string) => () => readFileSync(join(projectFolder, file), "utf8");
  return Object.fromEntries(files.map((file) => [file, read(file)]));
}
