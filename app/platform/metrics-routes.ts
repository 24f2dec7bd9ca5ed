import { Router } from "express";
import { Registry } from "prom-client";

/**
 * `/healthz` and `/metrics` of an operator's port.
 *
 * @param read everything that is measured, in Prometheus' text format
 */
export function metricsRoutes(read: () => Promise<string>): Router {
  const router = Router();
  router.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  router.get("/metrics", async (_req, res, next) => {
    try {
      res.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await read());
    } catch (error) {
      next(error);
    }
  });
  return router;
}
