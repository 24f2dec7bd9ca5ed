import { join } from "node:path";
import { createVitest, type TestRunResult, type Vitest } from "vitest/node";
import { copySource, patchFile, restoreFile } from "../guards/sources";
import { MUTATIONS, type Mutation } from "./index";

/**
 * Makes each mutation in a copy of the project and shows that the test which must notice it fails,
 * and passes without it.
 *
 * @param text only the mutations whose description, or the file of whose test, contains it
 * @returns the process' exit code
 */
export async function killMutations(text = ""): Promise<number> {
  const chosen = MUTATIONS.filter(({ what, noticedBy }) =>
    [what, noticedBy.file].some((said) => said.includes(text)),
  );
  if (chosen.length === 0) throw new Error(`no mutation's description or test contains "${text}"`);
  const also = ["tests", "vitest.config.ts", "package-lock.json"];
  const { folder, remove } = copySource({ name: "mutations", patches: [], also });
  // Where the tests' processes read the Lua scripts.
  process.chdir(folder);
  const vitest = await createVitest("test", { root: folder, watch: false, reporters: [{}] });
  try {
    const alive: string[] = [];
    for (const mutation of chosen) {
      const verdict = await judge(vitest, folder, mutation);
      if (verdict !== "killed") alive.push(mutation.what);
      process.stdout.write(`${verdict.padEnd(14)} ${mutation.what}\n`);
    }
    process.stdout.write(`\n${chosen.length} mutations, ${alive.length} not noticed\n`);
    return alive.length === 0 ? 0 : 1;
  } finally {
    await vitest.close();
    remove();
  }
}

/** Tests that pass without a mutation. */
const sound = new Set<string>();

type Verdict = "killed" | "SURVIVED" | "FAILS ANYWAY";

async function judge(vitest: Vitest, folder: string, mutation: Mutation): Promise<Verdict> {
  // A test that fails without the mutation too notices nothing.
  if (!sound.has(mutation.noticedBy.test)) {
    if ((await runTest(vitest, folder, mutation)) !== "passed") return "FAILS ANYWAY";
    sound.add(mutation.noticedBy.test);
  }
  const file = join(folder, mutation.patch.file);
  patchFile(folder, mutation.patch);
  vitest.invalidateFile(file);
  const outcome = await runTest(vitest, folder, mutation);
  restoreFile(folder, mutation.patch);
  vitest.invalidateFile(file);
  return outcome === "failed" ? "killed" : "SURVIVED";
}

/** Runs the one test that must notice the mutation. @returns what became of it */
async function runTest(
  vitest: Vitest,
  folder: string,
  { noticedBy: { file, test } }: Mutation,
): Promise<string | undefined> {
  vitest.setGlobalTestNamePattern(new RegExp(`${escapeRegExp(test)}$`));
  const tests = await vitest.globTestSpecifications([join(folder, file)]);
  return outcomeOf(test, await vitest.runTestSpecifications(tests));
}

function outcomeOf(name: string, { testModules }: TestRunResult): string | undefined {
  const tests = testModules.flatMap(({ children }) => [...children.allTests()]);
  return tests.find(({ fullName }) => fullName.endsWith(name))?.result().state;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
