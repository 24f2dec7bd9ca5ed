import { Router } from "express";

/** Whether this process can serve, with one word for the state of each thing it depends on. */
export interface Readiness {
  ready: boolean;
  /** Why not, as a stable word (docs/operations.md). */
  reason?: string;
  checks: Record<string, string>;
}

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve, so a balancer may send it requests.
 *
 * @param options.isDraining turns readiness off at once, before the listening socket closes
 */
export function healthRoutes(options: {
  checkReadiness: () => Promise<Readiness>;
  isDraining: () => boolean;
}): Router {
  const router = Router();
  router.use(["/healthz", "/readyz"], (req, res, next) => {
    if (req.method === "GET" || req.method === "HEAD") return next();
    res.status(405).set("Allow", "GET, HEAD").json({ status: "method_not_allowed" });
  });
  router.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  router.get("/readyz", (_req, res, next) => {
    if (options.isDraining()) return void res.status(503).json({ status: "draining" });
    options
      .checkReadiness()
      .then(({ ready, ...told }) =>
        res.status(ready ? 200 : 503).json({ status: ready ? "ready" : "not_ready", ...told }),
      )
      .catch(next);
  });
  return router;
}
