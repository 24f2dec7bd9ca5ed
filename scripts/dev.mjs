// `npm run dev`: the same services as `up`, and the application rebuilt whenever a file changes.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { forgetBuild } from "./bootstrap/build.mjs";
import { findDatabases } from "./bootstrap/databases.mjs";
import { ensureDependencies, requireNode } from "./bootstrap/dependencies.mjs";
import { choosePorts } from "./bootstrap/listener.mjs";
import { prepareDatabase } from "./bootstrap/prepare-database.mjs";
import { startPrograms } from "./bootstrap/programs.mjs";
import { forgetRun, recordRun, takeOver } from "./bootstrap/run-record.mjs";
import { runUntilInterrupt } from "./bootstrap/session.mjs";
import { readSettings } from "./bootstrap/settings.mjs";
import { watchServices } from "./bootstrap/watch-services.mjs";
import { requireWritableProject } from "./bootstrap/writable.mjs";
import { projectFolder } from "./services/places.mjs";

await runUntilInterrupt(async ({ log, onStop, checkpoint, interrupted }) => {
  requireNode();
  requireWritableProject();
  await takeOver({ log });
  const settings = readSettings();
  const ports = await choosePorts({ settings, command: "dev", log });
  /** @type {Omit<import("./bootstrap/run-record.mjs").RunRecord, "owner">} */
  const run = { command: "dev", address: `http://localhost:${ports.web}`, programs: [] };
  recordRun(run);
  onStop(async () => forgetRun());
  await ensureDependencies({ log });
  checkpoint();
  const databases = await findDatabases({ settings, log });
  onStop(databases.stop);
  run.urls = databases.urls;
  recordRun(run);
  checkpoint();
  const env = {
    ...settings,
    ...databases.urls,
    NODE_ENV: "development",
    VITE_CJS_IGNORE_WARNING: "1",
    PORT: String(ports.web),
    WORKER_PORT: String(ports.worker),
  };
  const program = (/** @type {string} */ name) => ["--import", "tsx", `scripts/${name}.ts`];
  await prepareDatabase({ program, env, log });
  checkpoint();

  // What `remix dev` puts into build/ must not pass for a production build.
  forgetBuild();
  const server = "node --import tsx --enable-source-maps app/web/server.ts";
  const programs = startPrograms({
    worker: [script("tsx", "dist/cli.mjs"), "watch", "worker/main.ts"],
    web: [script("@remix-run/dev", "dist/cli.js"), "dev", "-c", server],
    run,
    env,
    log,
  });
  for (const each of programs) onStop(() => each.stop());
  log(`\n  Developing on ${run.address}; seed logins as in the README. Stop with Ctrl-C.\n`);
  const watch = watchServices(databases.services, { log, until: interrupted });
  await Promise.race([...programs.map((each) => each.ended), watch, interrupted]);
});

/**
 * A tool's program, started by node itself: npx between us would not pass signals on.
 * @param {string} packageName
 * @param {string} file
 */
function script(packageName, file) {
  const require = createRequire(join(projectFolder, "package.json"));
  return join(dirname(require.resolve(`${packageName}/package.json`)), file);
}
