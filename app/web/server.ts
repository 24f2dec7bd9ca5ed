import cluster from "node:cluster";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { broadcastDevReady, type ServerBuild } from "@remix-run/node";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { createWebApp, type EntryModule } from "./app";
import { superviseWeb } from "./cluster";
import { createDrain } from "./drain";

/** Started in the project's folder, where `build/` and `public/` lie, whichever file runs. */
const root = process.cwd();

/**
 * Serves the application on HOST and PORT until SIGTERM or SIGINT.
 *
 * The domain is loaded once, inside the Remix build; this file takes what it needs of it from the
 * build's entry module and must not import it a second time.
 */
async function serve(): Promise<void> {
  const settings = env();
  const { build, entry } = await loadBuild();
  const drain = createDrain(async () => entry.closeResources?.());
  const app = createWebApp({
    build,
    entry,
    settings,
    root,
    announceDrain: drain.announce,
    isDraining: drain.isDraining,
  });

  const server = createServer(app);
  // Longer than a balancer keeps its side open (60 s is usual), so that it never meets a closed one.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  drain.onSignal(server);

  server.on("error", (error: NodeJS.ErrnoException) => {
    log.fatal({ err: error }, error.code === "EADDRINUSE" ? "PORT is in use" : "cannot listen");
    process.exit(1);
  });
  server.listen(settings.PORT, settings.HOST, () => {
    const address = server.address();
    const port = address && typeof address === "object" ? address.port : settings.PORT;
    log.info({ port, host: settings.HOST ?? "*" }, "listening");
    // A parent that started us with an IPC channel (bootstrap, tests) waits for this.
    process.send?.({ listening: port });
    if (settings.NODE_ENV === "development" && process.env.REMIX_DEV_ORIGIN) {
      void broadcastDevReady(build);
    }
  });
}

async function loadBuild(): Promise<{ build: ServerBuild; entry: EntryModule }> {
  // The address is computed so that the bundler leaves the build alone.
  const address = pathToFileURL(join(root, "build/index.js")).href;
  const build: ServerBuild & { entry: { module: EntryModule } } = await import(address);
  return { build, entry: build.entry.module };
}

const { WEB_CONCURRENCY } = env();
if (cluster.isPrimary && WEB_CONCURRENCY > 1) await superviseWeb({ processes: WEB_CONCURRENCY });
else await serve();
