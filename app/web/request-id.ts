import type { RequestHandler } from "express";
import { fewRandomBytes } from "~/platform/random";
import { isFromTrustedProxy } from "./client-address";

/**
 * Names each request, in `res.locals.requestId` and the `x-request-id` header. A name given from
 * outside is kept only when a trusted proxy gave it: it goes into our log.
 */
export const nameRequest: RequestHandler = (req, res, next) => {
  const given = isFromTrustedProxy(req) ? req.get("x-request-id") : undefined;
  const requestId =
    given && /^[\w-]{8,64}$/.test(given) ? given : fewRandomBytes(8).toString("hex");
  res.locals.requestId = requestId;
  res.setHeader("x-request-id", requestId);
  next();
};

/** The name that `nameRequest` gave. */
export function requestIdOf(res: { locals: Record<string, unknown> }): string {
  return String(res.locals.requestId ?? "");
}
