// Runs a program on the databases that the settings name, else on those of the `up` or `dev` that
// runs here, else on our own, started for as long as the program takes:
// `node scripts/start.mjs scripts/with-databases.ts scripts/ops.ts status`
import { execa } from "execa";
import { findDatabases } from "./launcher/databases.ts";
import { findRun } from "./launcher/run-record.ts";
import { Refusal } from "./launcher/session.ts";
import { readSettings } from "./launcher/settings.ts";

// Standard output belongs to the program: with --json another program reads it.
const log = (line: string) => void process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  log(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const settings = readSettings();
  const urls = settings.DATABASE_URL && settings.REDIS_URL ? {} : findRun()?.urls;
  const own = urls ? undefined : await findDatabases({ settings, log });
  try {
    const args = ["--import", "tsx", ...process.argv.slice(2)];
    const env = { ...settings, ...(urls ?? own?.urls) };
    const program = execa(process.execPath, args, { stdio: "inherit", env, reject: false });
    // The program stops cleanly by itself; its databases must outlive it.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => program.kill(signal));
    }
    return (await program).exitCode ?? 1;
  } finally {
    await own?.stop();
  }
}
