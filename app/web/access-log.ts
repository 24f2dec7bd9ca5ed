import type { RequestHandler } from "express";
import { log } from "~/platform/log";
import { requestIdOf } from "./request-id";

/** One line a request: never a query string, an address, or anything else that is about a person. */
export const logAccess: RequestHandler = (req, res, next) => {
  const startedAt = performance.now();
  const path = req.path;
  res.on("close", () => {
    const line = {
      requestId: requestIdOf(res),
      method: req.method,
      path: path.slice(0, 200),
      status: res.writableFinished ? res.statusCode : 499,
      ms: Math.round(performance.now() - startedAt),
    };
    if (path === "/healthz" || path === "/readyz") log.debug(line, "request");
    else log.info(line, "request");
  });
  next();
};
