// `npm run up`: the whole system from one command, until Ctrl-C; `npm run dev` (`--dev`): the same
// on the sources, rebuilt whenever a file changes.
import { join } from "node:path";
import { ensureBuild, forgetBuild } from "./launcher/build.ts";
import { findDatabases } from "./launcher/databases.ts";
import { type Program, runToEnd, startProgram, waitUntilReady } from "./launcher/programs.ts";
import { readyText, seededSchema, urlOf } from "./launcher/ready.ts";
import { forgetRun, type RunRecord, recordRun, takeOver } from "./launcher/run-record.ts";
import { Refusal, runUntilInterrupt } from "./launcher/session.ts";
import {
  choosePorts,
  OWN_HOST,
  readSettings,
  requireUsable,
  type Settings,
  secretsFor,
} from "./launcher/settings.ts";
import { dataFolder } from "./services/places.ts";

const command = process.argv.includes("--dev") ? "dev" : "up";

await runUntilInterrupt(async ({ log, during, onStop, checkpoint, interrupted }) => {
  await takeOver(log);
  const settings = readSettings();
  const ports = await choosePorts(settings, { command, log });
  const mode = command === "dev" ? development() : production();
  const own = {
    HOST: OWN_HOST,
    ...settings,
    ...secretsFor(settings, join(dataFolder, "secrets.json")),
    ...mode.env,
    PORT: `${ports.web}`,
    WORKER_PORT: `${ports.worker}`,
    METRICS_PORT: `${ports.metrics}`,
  };
  requireUsable(own);
  const address = settings.PUBLIC_URL ?? urlOf(own.HOST, ports.web);
  const run: Omit<RunRecord, "owner"> = { command, address, programs: [] };
  recordRun(run);
  onStop(async () => forgetRun());

  const finding = findDatabases({ settings, log });
  onStop(() => finding.then((found) => found.stop()).catch(() => {}));
  // What `remix dev` puts into build/ must not pass for a production build.
  const building = command === "dev" ? forgetBuild() : ensureBuild(log);
  const both = Promise.all([finding, building]);
  const [{ urls }] = await during("Starting PostgreSQL and Redis, building", both);
  run.urls = urls;
  recordRun(run);
  checkpoint();
  const env: Settings = { ...own, ...urls };

  const migrating = runToEnd(mode.program("migrate"), "The database could not be migrated", env);
  log(`Migrations: ${(await during("Migrating", migrating)).replaceAll("\n", ", ")}`);
  const seed = [...mode.program("seed"), "--if-empty", "--json"];
  const seeding = runToEnd(seed, "The seed data could not be written", env);
  const { message, logIns } = seededSchema.parse(JSON.parse(await during("Seeding", seeding)));
  log(`Seed data: ${message}`);
  checkpoint();

  const programs: Program[] = [];
  const onStart = () => {
    recordRun({ ...run, programs: programs.flatMap((program) => program.identity() ?? []) });
  };
  // What is started last is stopped first, and the web server must go before the worker.
  for (const name of ["worker", "web"] as const) {
    const program = startProgram({ name, args: mode[name], env, print: log, onStart });
    programs.push(program);
    onStop(() => program.stop());
    onStart();
  }
  const ended = Promise.race(programs.map((each) => each.ended));
  const ready = Promise.all([
    waitUntilReady(ports.web, own.HOST),
    waitUntilReady(ports.worker, settings.WORKER_HOST),
  ]);
  const answers = await Promise.race([ready, ended, interrupted]);
  checkpoint();
  if (!answers?.every(Boolean)) {
    throw new Refusal("The application was not ready within a minute; its lines are above.");
  }
  log(readyText({ settings: own, address, ports, logIns }));
  await Promise.race([ended, interrupted]);
});

function production() {
  const program = (name: string) => ["--enable-source-maps", `build/${name}.js`];
  const programs = { program, worker: program("worker"), web: program("server") };
  return { ...programs, env: { NODE_ENV: "production" } };
}

function development() {
  const server = "node --import tsx --enable-source-maps app/web/server.ts";
  return {
    program: (name: string) => ["--import", "tsx", `scripts/${name}.ts`],
    env: { NODE_ENV: "development", VITE_CJS_IGNORE_WARNING: "1" },
    // The tools are started by node itself: npx between us would not pass signals on.
    worker: ["node_modules/tsx/dist/cli.mjs", "watch", "worker/main.ts"],
    web: ["node_modules/@remix-run/dev/dist/cli.js", "dev", "-c", server],
  };
}
