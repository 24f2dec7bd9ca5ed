// `npm run up`: the whole system from one command, until Ctrl-C.
import { join } from "node:path";
import { ensureBuild } from "./bootstrap/build.mjs";
import { findDatabases } from "./bootstrap/databases.mjs";
import { ensureDependencies, requireNode } from "./bootstrap/dependencies.mjs";
import { choosePorts } from "./bootstrap/listener.mjs";
import { prepareDatabase } from "./bootstrap/prepare-database.mjs";
import { startPrograms } from "./bootstrap/programs.mjs";
import { waitUntilReady } from "./bootstrap/readiness.mjs";
import { Refusal } from "./bootstrap/refusal.mjs";
import { forgetRun, recordRun, takeOver } from "./bootstrap/run-record.mjs";
import { runUntilInterrupt } from "./bootstrap/session.mjs";
import { readSettings, secretsFor } from "./bootstrap/settings.mjs";
import { watchServices } from "./bootstrap/watch-services.mjs";
import { requireWritableProject } from "./bootstrap/writable.mjs";
import { projectFolder } from "./services/places.mjs";

await runUntilInterrupt(async ({ log, onStop, checkpoint, interrupted }) => {
  requireNode();
  requireWritableProject();
  await takeOver({ log });
  const settings = readSettings();
  const ports = await choosePorts({ settings, command: "up", log });
  const address = settings.PUBLIC_URL ?? `http://localhost:${ports.web}`;
  /** @type {Omit<import("./bootstrap/run-record.mjs").RunRecord, "owner">} */
  const run = { command: "up", address, programs: [] };
  recordRun(run);
  onStop(async () => forgetRun());

  await ensureDependencies({ log });
  checkpoint();
  const finding = findDatabases({ settings, log });
  onStop(() => finding.then((found) => found.stop()).catch(() => {}));
  const [databases] = await Promise.all([finding, ensureBuild({ log })]);
  run.urls = databases.urls;
  recordRun(run);
  checkpoint();
  const env = {
    ...settings,
    ...databases.urls,
    ...secretsFor(settings, join(projectFolder, ".data/secrets.json")),
    NODE_ENV: "production",
    PORT: String(ports.web),
    WORKER_PORT: String(ports.worker),
  };
  const program = (/** @type {string} */ name) => ["--enable-source-maps", `build/${name}.js`];
  await prepareDatabase({ program, env, log });
  checkpoint();

  const web = program("server");
  const programs = startPrograms({ worker: program("worker"), web, run, env, log });
  for (const each of programs) onStop(() => each.stop());
  const ended = Promise.race(programs.map((each) => each.ended));
  const ready = Promise.all([
    waitUntilReady({ port: ports.web, host: settings.HOST }),
    waitUntilReady({ port: ports.worker, host: settings.WORKER_HOST }),
  ]);
  const answers = await Promise.race([ready, ended, interrupted]);
  checkpoint();
  if (!answers?.every(Boolean)) {
    throw new Refusal("The application was not ready within a minute; its lines are above.");
  }
  log(welcome({ address, workerPort: ports.worker }));
  const watch = watchServices(databases.services, { log, until: interrupted });
  await Promise.race([ended, watch, interrupted]);
});

/** @param {{ address: string, workerPort: number }} at */
function welcome({ address, workerPort }) {
  return `
  Mini Compete is ready:  ${address}

    organizer    alice@organizer.com        password123
    participant  charlie@participant.com    password123

  The worker's port is http://127.0.0.1:${workerPort} (/healthz, /metrics). Stop with Ctrl-C.
`;
}
