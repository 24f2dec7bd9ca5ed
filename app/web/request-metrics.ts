import type { IncomingMessage } from "node:http";
import { countedSeries, type Tally, type Times, timedSeries } from "~/platform/series";
import { type OutgoingResponse, pathOf, type Step } from "./request";

const requestsTotal = countedSeries({
  name: "http_requests_total",
  help: "Requests by route, method and status; 499: the client left before its answer",
  labelNames: ["route", "method", "status"],
});
const requestSeconds = timedSeries({
  name: "http_request_seconds",
  help: "Time from a request's headers to the end of its answer",
  labelNames: ["route", "method"],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** Requests without a named route: unknown paths, and those refused before a route was looked for. */
const UNMATCHED = "unmatched";
/** Paths that are routes of their own. */
const HEALTH = new Set(["/healthz", "/readyz"]);
/** Clients may send any method that Node knows; the others are counted together. */
const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]);

/** Counts and times each request once its answer is complete or its client is gone. */
export const measureRequests: Step = (_req, res, next) => {
  res.locals.startedAt = performance.now();
  res.on("close", noteRequest);
  next();
};

/**
 * Says which route answers, as a pattern (`/competitions/:id`). Never a path that somebody sent: strangers
 * could create any number of series.
 */
export function nameRoute(res: OutgoingResponse, route: string | undefined): void {
  res.locals.route = route;
}

/** One function for all requests: it must cost next to nothing. */
function noteRequest(this: OutgoingResponse): void {
  const { req, locals } = this;
  const { route, startedAt } = locals as { route?: string; startedAt: number };
  const seen = seenOf(route ?? healthRoute(req), req.method ?? "");
  const status = this.writableFinished || isHandedOut(this) ? this.statusCode : 499;
  let tally = seen.statuses.get(status);
  if (!tally) {
    tally = requestsTotal({ ...seen.labels, status: String(status) });
    seen.statuses.set(status, tally);
  }
  tally.count++;
  seen.times.observe((performance.now() - startedAt) / 1_000);
}

/**
 * Notes how much the connection had sent before a file. A client that has all of a file may leave before
 * our side has finished, and has got its answer all the same.
 */
export function noteBytesBefore(req: IncomingMessage, res: OutgoingResponse): void {
  res.locals.bytesBefore = req.socket.bytesWritten;
}

function isHandedOut(res: OutgoingResponse): boolean {
  const { bytesBefore } = res.locals as { bytesBefore?: number };
  if (bytesBefore === undefined || !res.headersSent) return false;
  return res.req.socket.bytesWritten - bytesBefore > Number(res.getHeader("content-length"));
}

/** The series of one route and method. */
interface Seen {
  labels: { route: string; method: string };
  times: Times;
  statuses: Map<number, Tally>;
}

const routes = new Map<string, Map<string, Seen>>();

function seenOf(route: string, method: string): Seen {
  let methods = routes.get(route);
  if (!methods) {
    methods = new Map();
    routes.set(route, methods);
  }
  const known = methods.get(method);
  if (known) return known;
  const labels = { route, method: METHODS.has(method) ? method : "other" };
  const seen = { labels, times: requestSeconds(labels), statuses: new Map() };
  methods.set(method, seen);
  return seen;
}

function healthRoute(req: IncomingMessage): string {
  const path = pathOf(req);
  return HEALTH.has(path) ? path : UNMATCHED;
}
