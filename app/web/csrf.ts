import type { Request, RequestHandler } from "express";
import { isLoopback, isOfHost, parseOrigin } from "~/platform/hosts";
import { sendPlainPage } from "./refusals";
import { requestedHost, requestedProtocol } from "./request";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses to change anything for a request that another site made the browser send (403). Remix' own
 * check knows documents only, trusts X-Forwarded-Host from anybody and answers 500.
 *
 * @param publicUrl PUBLIC_URL, for when the proxy in front does not pass on what was asked for
 */
export function refuseCrossSite(publicUrl: URL | undefined): RequestHandler {
  return (req, res, next) => {
    if (SAFE_METHODS.has(req.method) || isSameSite(req, publicUrl)) return next();
    sendPlainPage(res, {
      status: 403,
      title: "This form was sent from another site",
      text: "Nothing was changed. Open the page here and send the form again.",
    });
  };
}

/**
 * Browsers send Origin with every post, or at least Sec-Fetch-Site; a client that sends neither is
 * not a browser and carries nobody's cookies unasked.
 */
function isSameSite(req: Request, publicUrl: URL | undefined): boolean {
  const origin = req.get("origin");
  const site = req.get("sec-fetch-site");
  // A page that hides its address (`hideAddress`) makes the browser hide its origin as well.
  if (origin === "null") return site === "same-origin";
  if (origin !== undefined) return isOurs(parseOrigin(origin), req, publicUrl);
  return site === undefined || site === "same-origin" || site === "none";
}

/** Anyone on the path of a plain HTTP connection can write its pages, so those do not count as our HTTPS. */
function isOurs(origin: URL | null, req: Request, publicUrl: URL | undefined): boolean {
  if (!origin) return false;
  if (origin.origin === publicUrl?.origin) return true;
  const host = requestedHost(req);
  if (!host || !isOfHost(origin, host)) return false;
  // TLS may end in a proxy that does not say so.
  if (origin.protocol === "https:") return true;
  if (requestedProtocol(req) === "https") return false;
  return publicUrl?.protocol !== "https:" || isLoopback(origin.hostname);
}
