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
  app.use("/queues", requireOpsToken(env().OPS_TOKEN), queueBoard());
  app.use((_req, res) => void res.status(404).type("text").send("Not found\n"));
  app.use(answerFailure);
  return app;
}

function queueBoard() {
  const adapter = new ExpressAdapter();
  adapter.setBasePath("/queues");
  createBullBoard({
    queues: [new BullMQAdapter(mailQueue()), new BullMQAdapter(scheduleQueue())],
    serverAdapter: adapter,
  });
  return adapter.getRouter();
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
