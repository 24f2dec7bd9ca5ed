import { migrateDown, migrateUp } from "../app/platform/migrator";
import { nameProgram } from "../app/platform/program";

nameProgram("migrate");
const [direction = "up"] = process.argv.slice(2);
if (direction !== "up" && direction !== "down") {
  process.stderr.write("usage: npm run migrate [up|down]\n");
  process.exit(2);
}
const names = direction === "up" ? await migrateUp() : await migrateDown();
process.stdout.write(names.length ? `${names.join("\n")}\n` : "Nothing to migrate.\n");
