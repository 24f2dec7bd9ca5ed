import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { RequestHandler } from "express";
import helmet, { type HelmetOptions } from "helmet";
import { fewRandomBytes } from "~/platform/random";

/** Whether visitors reach us over HTTPS, and if so, whether HSTS is to cover our subdomains. */
type Https = false | { includeSubDomains: boolean };

/** By default no answer may be cached. Those that may, say so themselves. */
export const keepNothing: RequestHandler = (_req, res, next) => {
  res.set("Cache-Control", "no-store");
  next();
};

/**
 * Security headers of files. A file is not a page: opened as one, it may load and run nothing. Only styles
 * inside a picture apply.
 */
export function fileHeaders({ https }: { https: Https }): Record<string, string> {
  return {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    ...(https && {
      "Strict-Transport-Security": `max-age=${YEAR_SECONDS}${https.includeSubDomains ? "; includeSubDomains" : ""}`,
    }),
  };
}

const YEAR_SECONDS = 31_536_000;

/**
 * Security headers of answers that are neither page nor file: the pages' headers, with a policy under which
 * nothing can be loaded or run. Names are in lower case.
 */
export function directHeaders({ https }: { https: Https }): OutgoingHttpHeaders {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({ ...sharedHeaders(https), contentSecurityPolicy: false })(answer.req, answer, () => {});
  const { "Content-Security-Policy": policy } = fileHeaders({ https });
  return { ...answer.getHeaders(), "content-security-policy": policy };
}

function sharedHeaders(https: Https): HelmetOptions {
  return {
    // `no-referrer`, the default, makes browsers send `Origin: null` with every form.
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity: https && { maxAge: YEAR_SECONDS, ...https },
    xFrameOptions: { action: "deny" },
  };
}

/**
 * Security headers of all other responses, and the nonce in `res.locals.nonce` that lets a page's own scripts
 * run under a strict Content-Security-Policy.
 *
 * @param options.development lets the page talk to the compiler's live reload
 */
export function securityHeaders(options: { https: Https; development: boolean }): RequestHandler[] {
  return [
    (_req, res, next) => {
      res.locals.nonce = fewRandomBytes(16, "base64");
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
      ...sharedHeaders(options.https),
    }),
  ];
}

/**
 * For a page whose address is a key: no site is told that address, not even our own pages, and no search
 * engine keeps it. `refuseCrossSite` knows what this does to the page's forms.
 */
export const hideAddress: RequestHandler = (_req, res, next) => {
  res.set({ "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex" });
  next();
};

/** The nonce of this response's policy. */
export function nonceOf(res: object): string {
  const locals = "locals" in res ? res.locals : undefined;
  const nonce = locals && typeof locals === "object" && "nonce" in locals ? locals.nonce : "";
  return String(nonce);
}
