import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import express from "express";
import { log } from "~/platform/log";
import type { Origin } from "~/platform/origin";
import { fewRandomBytes } from "~/platform/random";
import { type Span, startSpan } from "~/platform/trace";

/** A request as Node's server gives it. Express adds to the same object. */
export interface IncomingRequest extends IncomingMessage {
  /** Which proxies TRUST_PROXY tells us to trust; none if it is not set. */
  trusts?: Trusts | undefined;
  /** How it came here; found when it is first needed. */
  way?: Way;
}

interface Way {
  /** The addresses that it came through, the one nearest to us first. */
  addresses: string[];
  /** How many proxies, counted from us, TRUST_PROXY tells us to trust. */
  hops: number;
}

/** Whether to trust the proxy with this address, this many hops away. */
type Trusts = (address: string, hop: number) => boolean;

/** A response, with what we know about its request in `locals`. */
export interface OutgoingResponse extends ServerResponse {
  locals: Record<string, unknown>;
}

/** A step that a request passes through, in Express or before it. */
export type Step = (req: IncomingRequest, res: OutgoingResponse, next: () => void) => void;

/**
 * Trusts the proxies that TRUST_PROXY names: unset or `off` is none, a number is how many proxies stand in
 * front of us, anything else is a comma-separated list of their addresses.
 */
export function believeProxies(setting: string | undefined): Step {
  const isOff = !setting || setting === "off" || setting === "false";
  const named = setting && /^\d+$/.test(setting) ? Number(setting) : setting;
  if (isOff) return (_req, _res, next) => next();
  // Express knows how to read the setting, and keeps the function that it makes of it.
  const trusts: Trusts = express().set("trust proxy", named).get("trust proxy fn");
  return (req, _res, next) => {
    req.trusts = trusts;
    next();
  };
}

/**
 * Gives each request an id, in `res.locals.requestId`, for the `x-request-id` header. An id from outside is
 * kept only if a trusted proxy sent it, because it goes into our log.
 */
export const nameRequest: Step = (req, res, next) => {
  const given = isFromTrustedProxy(req) ? headerOf(req, "x-request-id") : undefined;
  const requestId = given && /^[\w-]{8,64}$/.test(given) ? given : fewRandomBytes(8, "hex");
  res.locals.requestId = requestId;
  res.locals.origin = { requestId };
  next();
};

/** The id that `nameRequest` gave. */
export function requestIdOf(res: { locals: Record<string, unknown> }): string {
  return String(res.locals.requestId ?? "");
}

/** The origin that goes along with the work that a request starts. */
export function requestOrigin(res: { locals: Record<string, unknown> }): Origin | undefined {
  return res.locals.origin as Origin | undefined;
}

/** A header by its lower-case name; if it came several times, joined into one list. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** The requested path, as it was sent. */
export function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  return path.startsWith("/") || !URL.canParse(path) ? path : new URL(path).pathname;
}

/**
 * Logs one line for each request, with the user's id if they are signed in. It has no query string, where
 * secrets travel, no path that is itself a secret, and no address.
 */
export const logAccess: Step = (req, res, next) => {
  const startedAt = performance.now();
  const path = pathOf(req);
  const span = isHealth(path) ? undefined : startRequestSpan(req, res);
  res.on("close", () => {
    const line = {
      requestId: requestIdOf(res),
      userId: res.locals.userId,
      method: req.method,
      path: withoutSecret(path).slice(0, 200),
      status: res.writableFinished ? res.statusCode : 499,
      ms: Math.round(performance.now() - startedAt),
    };
    span?.end(requestFacts(res, line.status), line.status >= 500 ? "5xx" : undefined);
    if (isHealth(path) || isPoll(res, line.status)) log.debug(line, "request");
    else log.info(line, "request");
  });
  next();
};

/** The address of somebody's calendar is a secret, however it is spelled. */
function withoutSecret(path: string): string {
  const plain = path.replace(/%([0-7][0-9a-f])/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return /[/\\]calendar[/\\]/i.test(plain) ? "/calendar/…" : path;
}

function isHealth(path: string): boolean {
  return path === "/healthz" || path === "/readyz";
}

/** What open pages ask every few seconds: where all is well, that would be most of the log. */
export const SEATS_ROUTE = "/competitions/:id/seats";

function isPoll({ locals }: OutgoingResponse, status: number): boolean {
  return locals.route === SEATS_ROUTE && status < 400;
}

/** The request's span. It joins a trace from outside only if a trusted proxy says so. */
function startRequestSpan(req: IncomingRequest, res: OutgoingResponse): Span | undefined {
  const { method: asked = "" } = req;
  const method = METHODS.has(asked) ? asked : "_OTHER";
  const parent = isFromTrustedProxy(req) ? headerOf(req, "traceparent") : undefined;
  const facts = { "http.request.method": method, "mini_compete.request_id": requestIdOf(res) };
  const span = startSpan({ name: method, kind: "server", parent, facts });
  if (span) res.locals.origin = { ...requestOrigin(res), traceparent: span.traceparent };
  return span;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]);

/** The route's pattern, never the path, which may contain anything. */
function requestFacts(
  { locals }: OutgoingResponse,
  status: number,
): Record<string, string | number> {
  const answered = { "http.response.status_code": status };
  return typeof locals.route === "string" ? { ...answered, "http.route": locals.route } : answered;
}

/** The client's address: what the trusted proxies say, else the socket's other end. */
export function clientAddress(req: IncomingRequest): string {
  const { addresses, hops } = wayOf(req);
  // A proxy passes on what it was told, so an X-Forwarded-For may still hold anything.
  const address = hops === 0 ? addresses[0] : addresses.slice(0, hops + 1).findLast(isIP);
  if (!address) return "unknown";
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}

/** Fires when the client is gone before it has its whole answer. */
export function leavingSignal(res: ServerResponse): AbortSignal {
  const left = new AbortController();
  if (res.destroyed) left.abort();
  res.once("close", () => {
    if (!res.writableFinished) left.abort();
  });
  return left.signal;
}

/** The host and port that the visitor's browser asked for, or null if the header makes no sense. */
export function requestedHost(req: IncomingRequest): string | null {
  const host = forwarded(req, "x-forwarded-host") || req.headers.host;
  return host && /^[a-z0-9.:_[\]-]+$/i.test(host) ? host : null;
}

/** The protocol that the visitor's browser used. */
export function requestedProtocol(req: IncomingRequest): "http" | "https" {
  const told = forwarded(req, "x-forwarded-proto")?.toLowerCase();
  if (told === "http" || told === "https") return told;
  return "encrypted" in req.socket && req.socket.encrypted ? "https" : "http";
}

/** Whether the request came from a proxy whose `x-…` headers TRUST_PROXY tells us to trust. */
function isFromTrustedProxy(req: IncomingRequest): boolean {
  return wayOf(req).hops > 0;
}

/**
 * What the outermost trusted proxy added to a list. Each proxy appends to what it was sent, so whatever
 * stands before that may be a client's invention. The list is shorter where proxies replace it.
 */
function forwarded(req: IncomingRequest, name: string): string | undefined {
  const { addresses, hops } = wayOf(req);
  if (hops === 0) return undefined;
  const values = (headerOf(req, name) ?? "").split(",");
  // As many proxies as added an address; at least the one that we talk to.
  const added = Math.max(1, Math.min(hops, addresses.length - 1));
  return values[Math.max(0, values.length - added)]?.trim();
}

/** How a request came; found once, since every step asks. */
function wayOf(req: IncomingRequest): Way {
  req.way ??= findWay(req);
  return req.way;
}

function findWay(req: IncomingRequest): Way {
  const { trusts, socket } = req;
  const nearest = socket.remoteAddress ?? "";
  if (!trusts) return { addresses: [nearest], hops: 0 };
  const told = headerOf(req, "x-forwarded-for");
  const addresses = told ? [nearest, ...told.split(",").map(withoutPort).reverse()] : [nearest];
  const stranger = addresses.findIndex((address, hop) => !trusts(address, hop));
  return { addresses, hops: stranger === -1 ? addresses.length : stranger };
}

/** Some proxies add the client's port: `203.0.113.7:5678`, `[2001:db8::7]:5678`. */
function withoutPort(text: string): string {
  const [, v6, v4] = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text.trim()) ?? [];
  return v6 ?? v4 ?? text.trim();
}
