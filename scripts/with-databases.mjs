// Runs a program on the databases that the settings name, else on those of the `up` or `dev` that
// runs here, else on our own, started for as long as the program takes:
// `node scripts/with-databases.mjs scripts/ops.ts status`
import { spawn } from "node:child_process";
import { once } from "node:events";
import { findDatabases } from "./bootstrap/databases.mjs";
import { ensureDependencies, requireNode } from "./bootstrap/dependencies.mjs";
import { Refusal } from "./bootstrap/refusal.mjs";
import { findRun } from "./bootstrap/run-record.mjs";
import { readSettings } from "./bootstrap/settings.mjs";

// Standard output belongs to the program: with --json another program reads it.
const log = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

try {
  requireNode();
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  log(error.message);
  process.exitCode = 1;
}

async function main() {
  await ensureDependencies({ log });
  const settings = readSettings();
  const urls = settings.DATABASE_URL && settings.REDIS_URL ? {} : findRun()?.urls;
  const own = urls ? undefined : await findDatabases({ settings, log });
  try {
    return await run({ ...settings, ...(urls ?? own?.urls) });
  } finally {
    await own?.stop();
  }
}

/** @param {Record<string, string>} settings */
async function run(settings) {
  const program = spawn(process.execPath, ["--import", "tsx", ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, ...settings },
  });
  // The program stops cleanly by itself; its databases must outlive it.
  const pass = (/** @type {NodeJS.Signals} */ signal) => program.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, pass);
  const [code] = await once(program, "exit");
  return code ?? 1;
}
