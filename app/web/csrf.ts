import type { Request, RequestHandler } from "express";
import { sendPlainPage } from "./refusals";
import { requestedHost } from "./request";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses to change anything for a request that another site made the browser send (403). Remix' own
 * check knows documents only, trusts X-Forwarded-Host from anybody and answers 500.
 *
 * @param publicHost the host of PUBLIC_URL, when the proxy in front does not pass on the one asked for
 */
export function refuseCrossSite(publicHost: string | undefined): RequestHandler {
  return (req, res, next) => {
    if (SAFE_METHODS.has(req.method) || isSameSite(req, publicHost)) return next();
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
function isSameSite(req: Request, publicHost: string | undefined): boolean {
  const origin = req.get("origin");
  if (origin !== undefined) {
    const host = URL.canParse(origin) ? new URL(origin).host : null;
    return host !== null && host !== "" && (host === requestedHost(req) || host === publicHost);
  }
  const site = req.get("sec-fetch-site");
  return site === undefined || site === "same-origin" || site === "none";
}
