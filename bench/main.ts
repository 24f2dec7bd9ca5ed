import { print } from "../worker/ops/cli.ts";
import { compare } from "./against/compare.ts";
import { benchCommand } from "./command.ts";
import { comparePaint } from "./paint.ts";
import { runBench } from "./run.ts";

// So that what runs on `exit` runs then, too.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

const outcome = await benchCommand(process.argv.slice(2), { run: runBench, compare, comparePaint });
await print(outcome);
process.exitCode = outcome.exitCode;
