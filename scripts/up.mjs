// `npm run up`: the whole system from one command, until Ctrl-C.
import { join } from "node:path";
import { ensureBuild } from "./bootstrap/build.mjs";
import { findDatabases } from "./bootstrap/databases.mjs";
import { ensureDependencies, requireNode } from "./bootstrap/dependencies.mjs";
import { freePortNear, requireFreePort } from "./bootstrap/listener.mjs";
import { startProgram } from "./bootstrap/program.mjs";
import { waitUntilReady } from "./bootstrap/readiness.mjs";
import { Refusal } from "./bootstrap/refusal.mjs";
import { forgetRun, recordRun, takeOver } from "./bootstrap/run-record.mjs";
import { runUntilInterrupt } from "./bootstrap/session.mjs";
import { portOf, readSettings, secretsFor } from "./bootstrap/settings.mjs";
import { runToEnd } from "./bootstrap/steps.mjs";
import { watchServices } from "./bootstrap/watch-services.mjs";
import { requireWritableProject } from "./bootstrap/writable.mjs";
import { projectFolder } from "./services/places.mjs";

await runUntilInterrupt(async ({ log, onStop, checkpoint, interrupted }) => {
  requireNode();
  requireWritableProject();
  await takeOver({ log });
  const settings = readSettings();
  const ports = await choosePorts({ settings, log });
  const address = settings.PUBLIC_URL ?? `http://localhost:${ports.web}`;
  recordRun({ command: "up", address, programs: [] });
  onStop(async () => forgetRun());

  await ensureDependencies({ log });
  checkpoint();
  const databases = await findDatabases({ settings, log });
  onStop(databases.stop);
  checkpoint();
  await ensureBuild({ log });
  checkpoint();
  const env = {
    ...settings,
    ...databases.urls,
    ...secretsFor(settings, join(projectFolder, ".data/secrets.json")),
    NODE_ENV: "production",
    PORT: String(ports.web),
    WORKER_PORT: String(ports.worker),
  };
  await prepareDatabase({ env, log });
  checkpoint();

  const programs = startPrograms({ env, address, log });
  for (const program of programs) onStop(() => program.stop());
  const ended = Promise.race(programs.map((program) => program.ended));
  let isStopping = false;
  interrupted.then(() => {
    isStopping = true;
  });
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
  const watch = watchServices(databases.services, { log, isStopping: () => isStopping });
  await Promise.race([ended, watch, interrupted]);
});

/**
 * @param {{ settings: Record<string, string>, log: (line: string) => void }} options
 */
async function choosePorts({ settings, log }) {
  const web = portOf(settings, "PORT", 3000);
  await requireFreePort({ port: web, name: "PORT", example: `PORT=${web + 1} npm run up` });
  const worker = portOf(settings, "WORKER_PORT", 9091);
  if (!process.env.WORKER_PORT) {
    return { web, worker: await freePortNear({ port: worker, name: "WORKER_PORT", log }) };
  }
  const example = `WORKER_PORT=${worker + 1} npm run up`;
  await requireFreePort({ port: worker, name: "WORKER_PORT", example, host: "127.0.0.1" });
  return { web, worker };
}

/** @param {{ env: Record<string, string>, log: (line: string) => void }} options */
async function prepareDatabase({ env, log }) {
  const migrated = await runToEnd({
    args: ["--enable-source-maps", "build/migrate.js"],
    env,
    failure: "The database could not be migrated",
  });
  log(`Migrations: ${migrated.split("\n").join(", ")}`);
  const seeded = await runToEnd({
    args: ["--enable-source-maps", "build/seed.js", "--if-empty"],
    env,
    failure: "The seed data could not be written",
  });
  log(`Seed data: ${seeded.split("\n").join(", ")}`);
}

/**
 * The worker first: what is stopped last is started first.
 * @param {{ env: Record<string, string>, address: string, log: (line: string) => void }} options
 */
function startPrograms({ env, address, log }) {
  const web = Number(env.WEB_CONCURRENCY ?? 1) > 1 ? "build/cluster.js" : "build/server.js";
  /** @type {import("./bootstrap/program.mjs").Program[]} */
  const programs = [];
  const onStart = () => {
    const running = programs.flatMap((program) => program.identity() ?? []);
    recordRun({ command: "up", address, programs: running });
  };
  for (const [name, file] of [
    ["worker", "build/worker.js"],
    ["web", web],
  ]) {
    const args = ["--enable-source-maps", String(file)];
    programs.push(startProgram({ name: String(name), args, env, print: log, onStart }));
    onStart();
  }
  return programs;
}

/** @param {{ address: string, workerPort: number }} at */
function welcome({ address, workerPort }) {
  return `
  Mini Compete is ready:  ${address}

    organizer    alice@organizer.com        password123
    participant  charlie@participant.com    password123

  The worker's port is http://127.0.0.1:${workerPort} (/healthz, /metrics). Stop with Ctrl-C.
`;
}
