import { isIP } from "node:net";
import type { Request, RequestHandler, Response } from "express";
import { log } from "~/platform/log";
import type { Origin } from "~/platform/origin";
import { fewRandomBytes } from "~/platform/random";
import { type Span, startSpan } from "~/platform/trace";

/**
 * Names each request, in `res.locals.requestId` and the `x-request-id` header. A name given from
 * outside is kept only when a trusted proxy gave it: it goes into our log.
 */
export const nameRequest: RequestHandler = (req, res, next) => {
  const given = isFromTrustedProxy(req) ? req.get("x-request-id") : undefined;
  const requestId =
    given && /^[\w-]{8,64}$/.test(given) ? given : fewRandomBytes(8).toString("hex");
  res.locals.requestId = requestId;
  res.locals.origin = { requestId };
  res.setHeader("x-request-id", requestId);
  next();
};

/** The name that `nameRequest` gave. */
export function requestIdOf(res: { locals: Record<string, unknown> }): string {
  return String(res.locals.requestId ?? "");
}

/** What goes along with the work that a request starts. */
export function requestOrigin(res: { locals: Record<string, unknown> }): Origin | undefined {
  return res.locals.origin as Origin | undefined;
}

/**
 * Logs one line a request: of a person it has the id, where they are signed in. No query string, in
 * which secrets travel, and no address.
 */
export const logAccess: RequestHandler = (req, res, next) => {
  const startedAt = performance.now();
  const path = req.path;
  const span = isHealth(path) ? undefined : startRequestSpan(req, res);
  res.on("close", () => {
    const line = {
      requestId: requestIdOf(res),
      userId: res.locals.userId,
      method: req.method,
      path: path.slice(0, 200),
      status: res.writableFinished ? res.statusCode : 499,
      ms: Math.round(performance.now() - startedAt),
    };
    span?.end(requestFacts(res, line.status), line.status >= 500 ? "5xx" : undefined);
    if (isHealth(path)) log.debug(line, "request");
    else log.info(line, "request");
  });
  next();
};

function isHealth(path: string): boolean {
  return path === "/healthz" || path === "/readyz";
}

/** The request's span. It is part of a trace from outside only where a trusted proxy says so. */
function startRequestSpan(req: Request, res: Response): Span | undefined {
  const method = METHODS.has(req.method) ? req.method : "_OTHER";
  const parent = isFromTrustedProxy(req) ? req.get("traceparent") : undefined;
  const facts = { "http.request.method": method, "mini_compete.request_id": requestIdOf(res) };
  const span = startSpan({ name: method, kind: "server", parent, facts });
  if (span) res.locals.origin = { ...requestOrigin(res), traceparent: span.traceparent };
  return span;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]);

/** The route's pattern, never the path: it may hold anything. */
function requestFacts({ locals }: Response, status: number): Record<string, string | number> {
  const answered = { "http.response.status_code": status };
  return typeof locals.route === "string" ? { ...answered, "http.route": locals.route } : answered;
}

/**
 * Express' "trust proxy" value for TRUST_PROXY: unset or `off` trusts nobody, a number is how many
 * proxies stand in front of us, anything else a comma-separated list of their addresses.
 */
export function trustedProxies(setting: string | undefined): number | string | false {
  if (!setting || setting === "off" || setting === "false") return false;
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}

/** The client's address: what the trusted proxies say, else the socket's other end. */
export function clientAddress(req: Request): string {
  const way = wayOf(req);
  // A proxy passes on what it was told, so an X-Forwarded-For may still hold anything.
  const told = way.slice(0, trustedHops(req) + 1).filter((address) => isIP(address) > 0);
  const address = told.at(-1) ?? "unknown";
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
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

/** The host and port the visitor's browser asked for, or null when the header makes no sense. */
export function requestedHost(req: Request): string | null {
  const host = forwarded(req, "x-forwarded-host") || req.get("host");
  return host && /^[a-z0-9.:_[\]-]+$/i.test(host) ? host : null;
}

/** How the visitor's browser asked. */
export function requestedProtocol(req: Request): "http" | "https" {
  const told = forwarded(req, "x-forwarded-proto")?.toLowerCase();
  if (told === "http" || told === "https") return told;
  return "encrypted" in req.socket && req.socket.encrypted ? "https" : "http";
}

/** Whether the request came from a proxy whose `x-…` headers TRUST_PROXY tells us to believe. */
function isFromTrustedProxy(req: Request): boolean {
  return trustedHops(req) > 0;
}

/**
 * What the outermost trusted proxy added to a list, in which each proxy comes after what it was told:
 * whatever stands before that may be a client's invention. Shorter where proxies replace the list.
 */
function forwarded(req: Request, name: string): string | undefined {
  const hops = trustedHops(req);
  if (hops === 0) return undefined;
  const values = (req.get(name) ?? "").split(",");
  // As many as added an address; at least the one that we talk to.
  const added = Math.max(1, Math.min(hops, wayOf(req).length - 1));
  return values[Math.max(0, values.length - added)]?.trim();
}

/** How many proxies, counted from us, TRUST_PROXY tells us to believe. */
function trustedHops(req: Request): number {
  const trusts: unknown = req.app.get("trust proxy fn");
  if (typeof trusts !== "function") return 0;
  const way = wayOf(req);
  const stranger = way.findIndex((address, hop) => trusts(address, hop) !== true);
  return stranger === -1 ? way.length : stranger;
}

/** The addresses that the request came by, ours nearest first. */
function wayOf(req: Request): string[] {
  const told = req.get("x-forwarded-for");
  const nearest = req.socket.remoteAddress ?? "";
  return told ? [nearest, ...told.split(",").map(withoutPort).reverse()] : [nearest];
}

/** Some proxies add the client's port: `203.0.113.7:5678`, `[2001:db8::7]:5678`. */
function withoutPort(text: string): string {
  const [, v6, v4] = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text.trim()) ?? [];
  return v6 ?? v4 ?? text.trim();
}
