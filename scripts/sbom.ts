import { print } from "../worker/ops/cli.ts";
import { sbomCommand } from "./sbom/command.ts";

const outcome = await sbomCommand(process.argv.slice(2));
await print(outcome);
process.exitCode = outcome.exitCode;
