import { nameProgram } from "../app/platform/program";
import { migrateCommand } from "../worker/ops/migrate";

nameProgram("migrate");
process.exitCode = await migrateCommand(process.argv.slice(2));
