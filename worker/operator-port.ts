import { createServer, type Server } from "node:http";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import express, { type ErrorRequestHandler, type Express } from "express";
import { mailQueue } from "~/domain/mail/index.server";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { metrics } from "~/platform/metrics";
import { metricsRoutes } from "~/platform/metrics-routes";
import { guardHeaders, refuseForeignHosts } from "~/platform/port-guard";
import { requireOpsToken } from "./ops-token";
import { refuseChanges, refuseForeignOrigins } from "./port-guard";
import { checkWorker } from "./readiness";
import { scheduleQueue } from "./reminder-schedule";
import type { Running } from "./stopping";

/**
 * Opens the operator's port: health, metrics, and behind `OPS_TOKEN` the queue board.
 *
 * @throws when the port cannot be opened
 */
export function openOperatorPort(process: Process): Promise<Server> {
  const server = createServer(operatorApp(process));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(env().WORKER_PORT, env().WORKER_HOST, () => resolve(server));
  });
}

interface Process {
  /** What it has started. */
  running: Readonly<Running>;
  isStopping: () => boolean;
}

function operatorApp({ running, isStopping }: Process): Express {
  const app = express();
  app.disable("x-powered-by");
  const { WORKER_HOST, WORKER_HOSTNAMES, OPS_TOKEN, OPS_WRITE } = env();
  const names = [WORKER_HOST, ...WORKER_HOSTNAMES];
  app.use(guardHeaders, refuseForeignHosts(names, "WORKER_HOSTNAMES"), refuseForeignOrigins);
  app.use((_req, res, next) => {
    if (isStopping()) res.set("Connection", "close");
    next();
  });
  app.use(metricsRoutes(() => metrics().metrics()));
  app.get("/readyz", async (_req, res) => {
    if (isStopping()) return void res.status(503).json({ status: "draining" });
    const { reason, checks } = await checkWorker(running);
    const status = reason ? "not_ready" : "ready";
    res.status(reason ? 503 : 200).json({ status, ...(reason && { reason }), checks });
  });
  const isReadOnly = OPS_WRITE === "off";
  app.use("/queues", requireOpsToken(OPS_TOKEN), isReadOnly ? refuseChanges : []);
  app.use("/queues", queueBoard({ isReadOnly }));
  app.use((_req, res) => void res.status(404).type("text").send("Not found\n"));
  app.use(answerFailure);
  return app;
}

function queueBoard({ isReadOnly }: { isReadOnly: boolean }) {
  const adapter = new ExpressAdapter();
  adapter.setBasePath("/queues");
  createBullBoard({
    // The board only hides the buttons; `refuseChanges` refuses the changes.
    queues: [mailQueue(), scheduleQueue()].map(
      (queue) => new BullMQAdapter(queue, { readOnlyMode: isReadOnly }),
    ),
    serverAdapter: adapter,
  });
  const board: Express = adapter.getRouter();
  board.disable("x-powered-by");
  return board;
}

const answerFailure: ErrorRequestHandler = (error, _req, res, _next) => {
  log.error({ err: error }, "operator's port");
  if (res.headersSent) res.destroy();
  else res.status(500).type("text").send("Something went wrong\n");
};
