import { createServer, type Server } from "node:http";
import express, { type ErrorRequestHandler, type Express } from "express";
import type { Env } from "~/platform/env";
import { cannotListen } from "~/platform/hosts";
import { log } from "~/platform/log";
import { metricsRoutes } from "~/platform/metrics-routes";
import { guardHeaders, refuseForeignHosts } from "~/platform/port-guard";

/** How many ports to try, so that this many web servers on one machine each get one. */
const MOST_TRIES = 50;

/**
 * Opens the web's port for operators: `/metrics` and `/healthz`. If it is taken, the next free one is used.
 * If none is free, the site is served all the same: nobody who registers needs this port.
 */
export async function openMetricsPort(
  settings: Pick<Env, "METRICS_PORT" | "METRICS_HOST" | "METRICS_HOSTNAMES">,
  read: () => Promise<string>,
): Promise<void> {
  const { METRICS_PORT: wanted, METRICS_HOST: host } = settings;
  if (wanted === 0) return;
  const server = createServer(metricsApp(settings, read));
  const last = Math.min(wanted + MOST_TRIES, 65_536);
  for (let port = wanted; port < last; port++) {
    const failure = await listen(server, { port, host });
    if (failure === null) {
      if (port === wanted) log.info({ port, host }, "metrics");
      else log.warn({ port, host, wanted }, `METRICS_PORT: ${wanted} is taken; ${port} instead`);
      return;
    }
    if (failure.code !== "EADDRINUSE") {
      log.error(`${cannotListen("METRICS_", { host, port }, failure)}; no metrics`);
      return;
    }
  }
  log.error(`METRICS_PORT: ${wanted} and those after it are taken; no metrics`);
}

function metricsApp(
  { METRICS_HOST, METRICS_HOSTNAMES }: Pick<Env, "METRICS_HOST" | "METRICS_HOSTNAMES">,
  read: () => Promise<string>,
): Express {
  const app = express();
  app.disable("x-powered-by");
  const names = [METRICS_HOST, ...METRICS_HOSTNAMES];
  app.use(guardHeaders, refuseForeignHosts(names, "METRICS_HOSTNAMES"), metricsRoutes(read));
  app.use((_req, res) => void res.status(404).type("text").send("Not found\n"));
  app.use(answerFailure);
  return app;
}

const answerFailure: ErrorRequestHandler = (error, _req, res, _next) => {
  log.error({ err: error }, "metrics port");
  if (res.headersSent) res.destroy();
  else res.status(500).type("text").send("Something went wrong\n");
};

/** @returns why it cannot listen there, or null */
function listen(
  server: Server,
  at: { port: number; host: string },
): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(at, () => {
      server.off("error", resolve);
      resolve(null);
    });
  });
}
