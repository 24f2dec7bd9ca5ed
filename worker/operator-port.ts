import { createServer, type Server } from "node:http";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import express, { type ErrorRequestHandler, type Express } from "express";
import { mailQueue } from "~/domain/mail/index.server";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { metrics } from "~/platform/metrics";
import { database } from "~/platform/orm";
import { isRedisUp } from "~/platform/redis";
import { requireOpsToken } from "./ops-token";
import {
  guardHeaders,
  refuseChanges,
  refuseForeignHosts,
  refuseForeignOrigins,
} from "./port-guard";
import { scheduleQueue } from "./reminder-schedule";
import { within } from "./within";

const PATIENCE_MS = 2_000;

/**
 * Opens the operator's port: health, metrics, and behind `OPS_TOKEN` the queue board.
 *
 * @throws when the port cannot be had
 */
export function openOperatorPort({ isStopping }: { isStopping: () => boolean }): Promise<Server> {
  const server = createServer(operatorApp({ isStopping }));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(env().WORKER_PORT, env().WORKER_HOST, () => resolve(server));
  });
}

function operatorApp({ isStopping }: { isStopping: () => boolean }): Express {
  const app = express();
  app.disable("x-powered-by");
  const { WORKER_HOST, WORKER_HOSTNAMES, OPS_TOKEN, OPS_WRITE } = env();
  app.use(guardHeaders, refuseForeignHosts([WORKER_HOST, ...WORKER_HOSTNAMES]));
  app.use(refuseForeignOrigins);
  app.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  app.get("/readyz", async (_req, res) => {
    const checks = { postgres: await isPostgresUp(), redis: await isRedisUp() };
    const ready = checks.postgres && checks.redis && !isStopping();
    res.status(ready ? 200 : 503).json({
      status: ready ? "ready" : isStopping() ? "stopping" : "not_ready",
      checks: { postgres: word(checks.postgres), redis: word(checks.redis) },
    });
  });
  app.get("/metrics", async (_req, res, next) => {
    try {
      res.type(metrics().contentType).send(await metrics().metrics());
    } catch (error) {
      next(error);
    }
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
    // The board hides what it may not do; `refuseChanges` refuses it.
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

async function isPostgresUp(): Promise<boolean> {
  const answer = await within(
    PATIENCE_MS,
    database()
      .execute("select 1")
      .then(
        () => true,
        () => false,
      ),
  );
  return answer === true;
}

function word(isUp: boolean): string {
  return isUp ? "ok" : "away";
}
