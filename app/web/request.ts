import { isIP } from "node:net";
import type { Request, RequestHandler, Response } from "express";
import ipaddr from "ipaddr.js";
import { log } from "~/platform/log";
import { fewRandomBytes } from "~/platform/random";

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

/** Logs one line a request: no query string, no address, nothing else about a person. */
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

/**
 * Express' "trust proxy" value for TRUST_PROXY: unset or `off` trusts nobody, a number is how many
 * proxies stand in front of us, anything else a comma-separated list of their addresses.
 */
export function trustedProxies(setting: string | undefined): number | string | false {
  if (!setting || setting === "off" || setting === "false") return false;
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}

/** The client's address: what a trusted proxy says, else the socket's other end. */
export function clientAddress(req: Request): string {
  // A proxy passes on what it was told, so an X-Forwarded-For may still hold anything.
  const claimed = req.ip ?? "";
  const address = isIP(claimed) ? claimed : (req.socket.remoteAddress ?? "unknown");
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}

/** The network an address counts for: itself, or its /64 under IPv6, where one customer has one. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/64`)}/64`
    : parsed.toString();
}

/** Fires when the client is gone before it has its whole answer. */
export function leavingSignal(res: Response): AbortSignal {
  const left = new AbortController();
  if (res.destroyed) left.abort();
  res.once("close", () => {
    if (!res.writableFinished) left.abort();
  });
  return left.signal;
}

/** Whether the request came from a proxy whose `x-…` headers TRUST_PROXY tells us to believe. */
function isFromTrustedProxy(req: Request): boolean {
  const trusts: unknown = req.app.get("trust proxy fn");
  return typeof trusts === "function" && trusts(req.socket.remoteAddress, 0) === true;
}

/** The host and port the visitor's browser asked for, or null when the header makes no sense. */
export function requestedHost(req: Request): string | null {
  const forwarded = isFromTrustedProxy(req) ? req.get("x-forwarded-host") : undefined;
  const host = forwarded?.split(",")[0]?.trim() || req.get("host");
  return host && /^[a-z0-9.:_[\]-]+$/i.test(host) ? host : null;
}
