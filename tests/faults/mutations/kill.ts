import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as z from "zod";
import { startThrowAway } from "../../../scripts/services/throw-away.mjs";
import { copySource, patchFile, restoreFile } from "../guards/sources";
import { MUTATIONS, type Mutation } from "./index";

/**
 * Makes each mutation in a copy of the project and shows that the test which must notice it fails,
 * and passes without it.
 *
 * @param text only the mutations whose description contains it
 * @returns the process' exit code
 */
export async function killMutations(text = ""): Promise<number> {
  const chosen = MUTATIONS.filter(({ what }) => what.includes(text));
  if (chosen.length === 0) throw new Error(`no mutation's description contains "${text}"`);
  const { postgres, redis, stop } = await startThrowAway();
  const { folder, remove } = copySource({
    name: "mutations",
    patches: [],
    also: ["tests", "vitest.config.ts"],
  });
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
  try {
    const alive = [
      ...(await findFailing(folder, chosen)),
      ...(await findSurvivors(folder, chosen)),
    ];
    say(`${chosen.length} mutations, ${alive.length} not noticed`);
    return alive.length === 0 ? 0 : 1;
  } finally {
    remove();
    await stop();
  }
}

/** A test that fails anyway notices nothing. */
async function findFailing(folder: string, mutations: Mutation[]): Promise<string[]> {
  const files = [...new Set(mutations.map(({ noticedBy }) => noticedBy.file))];
  const outcomes = await runTests(folder, { files });
  return mutations
    .filter(({ noticedBy }) => outcomeOf(noticedBy.test, outcomes) !== "passed")
    .map(({ what, noticedBy }) => {
      say(`FAILS ANYWAY  ${what}: ${noticedBy.test}`);
      return what;
    });
}

async function findSurvivors(folder: string, mutations: Mutation[]): Promise<string[]> {
  const survivors: string[] = [];
  for (const { what, patch, noticedBy } of mutations) {
    patchFile(folder, patch);
    const outcomes = await runTests(folder, { files: [noticedBy.file], test: noticedBy.test });
    restoreFile(folder, patch);
    const isKilled = outcomeOf(noticedBy.test, outcomes) === "failed";
    if (!isKilled) survivors.push(what);
    say(`${isKilled ? "killed  " : "SURVIVED"}  ${what}`);
  }
  return survivors;
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) }),
  ),
});

function outcomeOf(test: string, outcomes: Map<string, string>): string | undefined {
  return [...outcomes].find(([name]) => name.endsWith(test))?.[1];
}

/** @returns what became of each test, by its full name */
async function runTests(
  folder: string,
  { files, test }: { files: string[]; test?: string },
): Promise<Map<string, string>> {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const vitest = join(
    dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
    "vitest.mjs",
  );
  const args = [vitest, "run", "--reporter=json", `--outputFile=${report}`];
  if (test) args.push("-t", `${escapeRegExp(test)}$`);
  const child = spawn(process.execPath, [...args, ...files], { cwd: folder, stdio: "ignore" });
  await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
  const outcomes = testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Map(outcomes.map(({ fullName, status }) => [fullName, status]));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
