import type { RequestHandler } from "express";
import helmet from "helmet";
import { fewRandomBytes } from "~/platform/random";

/**
 * Security headers of every response, and the nonce in `res.locals.nonce` that lets this page's own
 * scripts run under a strict Content-Security-Policy.
 *
 * @param options.https whether visitors reach us over HTTPS: only then may browsers be told to insist
 * @param options.development lets the page talk to the compiler's live reload
 */
export function securityHeaders(options: {
  https: boolean;
  development: boolean;
}): RequestHandler[] {
  return [
    (_req, res, next) => {
      res.locals.nonce = fewRandomBytes(16).toString("base64");
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          "default-src": ["'self'"],
          "script-src": ["'self'", (_req, res) => `'nonce-${nonceOf(res)}'`],
          "script-src-attr": ["'none'"],
          "style-src": ["'self'"],
          "img-src": ["'self'", "data:"],
          "connect-src": options.development ? ["'self'", "ws:", "http:"] : ["'self'"],
          "font-src": ["'self'"],
          "object-src": ["'none'"],
          "base-uri": ["'none'"],
          "form-action": ["'self'"],
          "frame-ancestors": ["'none'"],
          ...(options.https ? { "upgrade-insecure-requests": [] } : {}),
        },
      },
      // `no-referrer`, the default, makes browsers send `Origin: null` with every form.
      referrerPolicy: { policy: "same-origin" },
      strictTransportSecurity: options.https ? { maxAge: 31_536_000 } : false,
      xFrameOptions: { action: "deny" },
    }),
  ];
}

/** The nonce of this response's policy. */
export function nonceOf(res: object): string {
  const locals = "locals" in res ? res.locals : undefined;
  const nonce = locals && typeof locals === "object" && "nonce" in locals ? locals.nonce : "";
  return String(nonce);
}
