import { isIP } from "node:net";
import type { RequestHandler } from "express";
import helmet from "helmet";

/** The security headers of every answer on an operator's port. None may be cached. */
export const guardHeaders: RequestHandler[] = [
  (_req, res, next) => next(void res.set("Cache-Control", "no-store")),
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        // The queue board's own page has styles in it.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    referrerPolicy: { policy: "same-origin" },
    // The port speaks plain HTTP.
    strictTransportSecurity: false,
    xFrameOptions: { action: "deny" },
  }),
];

/** Names that nobody can register: what has no dot, and what is reserved for private networks. */
const PRIVATE = /^(?:[^.]+|.+\.(?:localhost|internal|svc|svc\.cluster\.local))$/;

/**
 * Refuses a request that was sent to a name which is not ours (421). A site may let its own name
 * lead to this port, in the browser of somebody who can reach it (DNS rebinding): such a request
 * has that name in `Host`. It cannot have an address there.
 *
 * @param names the names under which operators reach the port
 * @param setting where an operator may add one
 */
export function refuseForeignHosts(names: string[], setting: string): RequestHandler {
  return (req, res, next) => {
    const host = req.get("host")?.toLowerCase().replace(/:\d*$/, "");
    // A client without the header is no browser.
    if (host === undefined || names.includes(host)) return next();
    const isAddress = isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0;
    if (isAddress || PRIVATE.test(host)) return next();
    res.status(421).type("text").send(`This name is not in ${setting}.\n`);
  };
}
