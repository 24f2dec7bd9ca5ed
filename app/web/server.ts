import cluster from "node:cluster";
import type { Server } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { broadcastDevReady, type ServerBuild } from "@remix-run/node";
import { env } from "~/platform/env";
import { addressesOf, cannotListen } from "~/platform/hosts";
import { log } from "~/platform/log";
import { metrics } from "~/platform/metrics";
import { startTracing } from "~/platform/open-telemetry";
import { nameProgram } from "~/platform/program";
import { stopTracing } from "~/platform/trace";
import { endAtUncaughtErrors } from "~/platform/uncaught";
import { requireWebSettings, webHost } from "~/platform/web-settings";
import { createWebApp, type EntryModule } from "./app";
import { superviseWeb } from "./cluster";
import { createDrain } from "./drain";
import { createHttpServer } from "./http-server";
import { openMetricsPort } from "./metrics-port";
import { readAllMetrics, tellParentMetrics } from "./processes-metrics";

/** The project's folder, where `build/` and `public/` are: every program is started there. */
const root = process.cwd();

/**
 * Serves the application on HOST and PORT until SIGTERM or SIGINT.
 *
 * The domain is loaded once, inside the Remix build. This file takes what it needs from the build's entry
 * module and must not import the domain a second time.
 */
async function serve(): Promise<void> {
  const settings = env();
  await startTracing(program);
  const { build, entry } = await loadBuild();
  const drain = createDrain(async () => {
    await Promise.all([entry.closeResources?.(), stopTracing()]);
  });
  const app = createWebApp({
    build,
    entry,
    settings,
    root,
    announceDrain: drain.announce,
    isDraining: drain.isDraining,
  });

  const servers = addressesOf(webHost(settings)).map((host) => ({
    host,
    server: createHttpServer(app),
  }));
  drain.onSignal(servers.map(({ server }) => server));
  let port = settings.PORT;
  // One after the other: if PORT is 0, all take the port that the first one was given.
  for (const { host, server } of servers) port = await listen(server, { port, host });
  entry.defineProcessMetrics?.();
  if (cluster.isWorker) tellParentMetrics();
  else await openMetricsPort(settings, () => metrics().metrics());
  endAtUncaughtErrors();
  log.info({ port, host: webHost(settings) ?? "*" }, "listening");
  // A parent that started us with an IPC channel (bootstrap, tests) waits for this.
  process.send?.({ listening: port });
  if (settings.NODE_ENV === "development" && process.env.REMIX_DEV_ORIGIN) {
    void broadcastDevReady(build);
  }
}

/** Listens there, or ends the process. @returns the port */
function listen(
  server: Server,
  { port, host }: { port: number; host: string | undefined },
): Promise<number> {
  server.on("error", (error: NodeJS.ErrnoException) => {
    log.fatal(cannotListen("", { host, port }, error));
    process.exit(1);
  });
  return new Promise((resolve) => {
    server.listen(port, host, () => {
      const address = server.address();
      resolve(address && typeof address === "object" ? address.port : port);
    });
  });
}

async function loadBuild(): Promise<{ build: ServerBuild; entry: EntryModule }> {
  // The address is computed so that the bundler leaves the build alone.
  const address = pathToFileURL(join(root, "build/index.js")).href;
  const build: ServerBuild & { entry: { module: EntryModule } } = await import(address);
  return { build, entry: build.entry.module };
}

const program = nameProgram("web");
requireWebSettings();
const { WEB_CONCURRENCY } = env();
if (cluster.isPrimary && WEB_CONCURRENCY > 1) {
  await openMetricsPort(env(), () => readAllMetrics());
  await superviseWeb({ processes: WEB_CONCURRENCY });
} else {
  await serve();
}
