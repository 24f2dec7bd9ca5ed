import type { RequestHandler } from "express";
import { requestedHost } from "./client-address";
import { isApiPath, sendPlainPage, sendPlainProblem } from "./plain-page";

/**
 * Answers 400 to an address nothing can be found under: broken percent-encoding, NUL bytes (which
 * Postgres refuses), a host that is none, and Remix' retired `?_data` calls.
 */
export const refuseMalformedUrl: RequestHandler = (req, res, next) => {
  const host = requestedHost(req);
  if (host && isWellFormed(`${req.protocol}://${host}`, req.originalUrl)) return next();
  if (isApiPath(req.path)) {
    sendPlainProblem(res, {
      status: 400,
      title: "Bad Request",
      detail: "The address is malformed.",
      code: "validation_failed",
      instance: "/api",
    });
    return;
  }
  sendPlainPage(res, {
    status: 400,
    title: "This address is broken",
    text: "Part of it cannot be read. Check the link, or start from the beginning.",
  });
};

function isWellFormed(origin: string, pathAndQuery: string): boolean {
  if (!pathAndQuery.startsWith("/") || !URL.canParse(origin + pathAndQuery)) return false;
  const [path = "", ...query] = pathAndQuery.split("?");
  if (/%00/.test(pathAndQuery) || new URLSearchParams(query.join("?")).has("_data")) return false;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
