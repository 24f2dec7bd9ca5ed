import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT } from "../faults/guards/sources";
import { killMutations } from "../faults/mutations/kill";
import { startThrowAway } from "../support/throw-away";

const USAGE = `npm run mutants -- [options]

  Without options Stryker mutates app/domain/registration and shows what no test notices.

  --mutate FILES     only these files, as Stryker understands it
  --patches [TEXT]   instead of Stryker: makes each mutation of tests/faults/mutations, for what
                     Stryker does not see, and shows that the test which must notice it fails;
                     with a text only those whose description, or whose test's file, contains it
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      mutate: { type: "string" },
      patches: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { postgres, redis, stop } = await startThrowAway();
  // What both kinds of runs hand to the tests.
  Object.assign(process.env, { TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url });
  try {
    if (values.patches) return await killMutations(positionals.join(" "));
    return await runStryker(values.mutate ? ["--mutate", values.mutate] : []);
  } finally {
    await stop();
  }
}

function runStryker(options: string[]): Promise<number> {
  const manifest = createRequire(import.meta.url).resolve("@stryker-mutator/core/package.json");
  const program = join(dirname(manifest), "bin/stryker.js");
  const args = [program, "run", "tests/mutants/stryker.config.json", ...options];
  return new Promise((resolve, reject) => {
    spawn(process.execPath, args, { cwd: PROJECT, stdio: "inherit" })
      .once("error", reject)
      .once("exit", (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main();
