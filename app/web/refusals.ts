import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import type { ErrorCode, FieldError } from "~/domain/error";
import { log } from "~/platform/log";
import { type IncomingRequest, requestedHost, requestedProtocol, requestIdOf } from "./request";

/** Whether a path belongs to the JSON API, whose refusals are problem+json and not pages. */
export function isApiPath(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}

/** What the API says when it refuses. */
export interface ProblemDetails {
  status: number;
  code: ErrorCode | "internal";
  detail: string;
  /** What is wrong with which field, for 400. */
  errors?: FieldError[];
  /** Further members, under the API's names. */
  members?: object | undefined;
}

const LONGEST_INSTANCE = 500;

/** Problem details (RFC 9457) as JSON. */
export function problemJson(
  { status, code, detail, errors, members }: ProblemDetails,
  { requestId, path }: { requestId: string; path: string },
): string {
  return JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail,
    instance: path.slice(0, LONGEST_INSTANCE),
    code,
    requestId,
    // The API promises the list with every 400 (docs/api.md).
    errors: errors ?? (status === 400 ? [{ field: "", message: detail }] : undefined),
    ...members,
  });
}

/** Refuses a request before Remix or the API sees it: with a page, or a problem under `/api`. */
export function refuse(
  req: Request,
  res: Response,
  { page, ...problem }: ProblemDetails & { page: { title: string; text: string } },
): void {
  const { status } = problem;
  if (!isApiPath(req.path)) {
    sendPlainPage(res, { status, ...page });
    return;
  }
  res
    .status(status)
    .type("application/problem+json")
    .send(problemJson(problem, { requestId: requestIdOf(res), path: req.path }));
}

/** A page that needs neither Remix nor a database. */
export function sendPlainPage(
  res: Response,
  page: { status: number; title: string; text: string },
): void {
  res
    .status(page.status)
    .type("html")
    .send(
      `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${page.title} · Mini Compete</title></head>
<body><main><h1>${page.title}</h1><p>${page.text}</p>
<p><a href="/">Go to the start page</a></p>
<p><small>Request ${requestIdOf(res)}</small></p></main></body>
</html>
`,
    );
}

/** What a page says where there is none. */
export const NOTHING_HERE = {
  title: "There is nothing here",
  text: "The page may have been removed, or the address has a typo.",
};

/** Refuses an address that nothing can be found under. */
export const refuseMalformedUrl: RequestHandler = (req, res, next) => {
  if (isWellFormedUrl(req)) return next();
  if (isTooLong(req)) {
    return refuse(req, res, {
      status: 404,
      code: "not_found",
      detail: "There is nothing here.",
      page: NOTHING_HERE,
    });
  }
  refuse(req, res, {
    status: 400,
    code: "validation_failed",
    detail: "The address is malformed.",
    page: {
      title: "This address is broken",
      text: "Part of it cannot be read. Check the link, or go to the start page.",
    },
  });
};

const PAGE_METHODS = new Set(["GET", "HEAD", "POST"]);

/** Refuses a method that no page answers. */
export const refuseOtherMethods: RequestHandler = (req, res, next) => {
  if (PAGE_METHODS.has(req.method)) return next();
  res.set("Allow", "GET, HEAD, POST");
  sendPlainPage(res, {
    status: 405,
    title: "This cannot be done here",
    text: "Pages can be opened and forms can be sent; nothing else works.",
  });
};

/** Answers a request that failed on its way to Remix or to the API. */
export const answerFailure: ErrorRequestHandler = (error, req, res, _next) => {
  if (!res.headersSent && isClientError(error)) {
    return sendPlainPage(res, {
      status: error.status,
      title: "We could not read that",
      text: "Go back and try again.",
    });
  }
  log.error({ err: error, requestId: requestIdOf(res) }, "request failed");
  if (res.headersSent) return void res.destroy();
  refuse(req, res, {
    status: 500,
    code: "internal",
    detail: "Something went wrong. Quote the request id when you report this.",
    page: {
      title: "Something went wrong",
      text: "It is not your fault. Try again in a moment.",
    },
  });
};

/** Express and its parsers mark the client's mistakes with a 4xx status. */
function isClientError(error: unknown): error is { status: number } {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 0;
  return status >= 400 && status < 500;
}

/** Longer than any page's path, in characters … */
const LONGEST_PATH = 1_000;
/**
 * … and deeper. Routers compare each part of a path with every route, and consecutive slashes in quadratic
 * time: as many as fit into a request took seconds.
 */
const TOO_DEEP = /^(?:[^/?]*\/){17}/;

function isTooLong({ url = "" }: IncomingRequest): boolean {
  if (TOO_DEEP.test(url)) return true;
  if (url.length <= LONGEST_PATH) return false;
  const query = url.indexOf("?");
  return query < 0 || query > LONGEST_PATH;
}

/**
 * Dots that lead up, however they are written, and backslashes: in a path that has them a URL, and so
 * Remix, finds another page than its price was paid for. Browsers send none.
 */
const LEADS_ELSEWHERE = /^[^?]*(?:\\|\/(?:\.|%2e){1,2}(?:[/?#]|$))/i;

/**
 * Whether the requested address may lead anywhere. It may not with broken percent-encoding, NUL bytes
 * (which Postgres does not take), a malformed host, `?_data` (which Remix no longer uses), a path that
 * is longer than any page's, or one that is read in two ways.
 */
export function isWellFormedUrl(req: IncomingRequest): boolean {
  const { url: pathAndQuery = "" } = req;
  if (isTooLong(req) || LEADS_ELSEWHERE.test(pathAndQuery)) return false;
  const host = requestedHost(req);
  if (!host || !pathAndQuery.startsWith("/")) return false;
  if (!URL.canParse(`${requestedProtocol(req)}://${host}${pathAndQuery}`)) return false;
  if (!/[%?]/.test(pathAndQuery)) return true;
  const [path = "", ...query] = pathAndQuery.split("?");
  if (/%00/.test(pathAndQuery) || new URLSearchParams(query.join("?")).has("_data")) return false;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
