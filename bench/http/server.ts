import cluster from "node:cluster";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { env } from "~/platform/env";
import { createWebApp, type EntryModule } from "~/web/app";
import { superviseWeb } from "~/web/cluster";
import {
  bareInsert,
  conditionalCounter,
  rowLock,
  serializable,
} from "../domain/sides/plain-sql.ts";
import { seed } from "../domain/sides/seed.ts";
import { seedWithMail } from "../system/seed-mail.ts";
import { rivalApi, withEmptyRoutes } from "./extra-routes.ts";

/** Whose API the same web application serves. */
const APIS: Record<string, (entry: EntryModule) => EntryModule["askApi"]> = {
  product: (entry) => entry.askApi,
  // The same API through Remix' resource route, for the decision between the two.
  "resource-route": () => undefined,
  seed: rivalApi(seed),
  "seed-with-mail": rivalApi(seedWithMail),
  "row-lock": rivalApi(rowLock),
  counter: rivalApi(conditionalCounter),
  serializable: rivalApi(serializable),
  "bare-insert": rivalApi(bareInsert),
};

/** Serves one side until its parent ends. Sends its port, and its CPU time when asked. */
async function serve(side: string): Promise<void> {
  const address = pathToFileURL(join(process.cwd(), "build/index.js")).href;
  const build: ServerBuild & { entry: { module: EntryModule } } = await import(address);
  const entry = build.entry.module;
  const app = createWebApp({
    build: withEmptyRoutes(build),
    entry: { ...entry, askApi: APIS[side]?.(entry) },
    settings: env(),
    root: process.cwd(),
    announceDrain: (_req, _res, next) => next(),
    isDraining: () => false,
  });
  const server = createServer(app);
  server.keepAliveTimeout = 120_000;
  server.listen(0, "127.0.0.1", () => {
    const bound = server.address();
    process.send?.({ listening: typeof bound === "object" ? bound?.port : 0 });
  });
  process.on("message", (message) => {
    if (message !== "cpu") return;
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1_000 });
  });
  process.on("SIGTERM", () => process.exit(0));
}

process.on("disconnect", () => process.exit(0));
const { WEB_CONCURRENCY } = env();
if (cluster.isPrimary && WEB_CONCURRENCY > 1) await superviseWeb({ processes: WEB_CONCURRENCY });
else await serve(process.argv[2] ?? "");
