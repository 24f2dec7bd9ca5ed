import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Env } from "~/platform/env";
import { log } from "~/platform/log";
import { logAccess } from "./access-log";
import { readBody, refuseLongBody } from "./body-limit";
import { trustedProxies } from "./client-address";
import { refuseCrossSite } from "./csrf";
import { healthRoutes, type Readiness } from "./health";
import { isApiPath, sendPlainPage, sendPlainProblem } from "./plain-page";
import { remixHandler } from "./remix-handler";
import { nameRequest, requestIdOf } from "./request-id";
import { securityHeaders } from "./security-headers";
import { staticFiles } from "./static-files";
import { refuseMalformedUrl } from "./url-check";

/** What the Remix build's entry module offers besides pages: everything with state lives there once. */
export interface EntryModule {
  mountApi?: (app: Express) => void;
  checkReadiness?: () => Promise<Readiness>;
  closeResources?: () => Promise<void>;
}

const PAGE_METHODS = new Set(["GET", "HEAD", "POST"]);

/** Puts the web application together, in the order a request passes through it. */
export function createWebApp(options: {
  build: ServerBuild;
  entry: EntryModule;
  settings: Pick<Env, "NODE_ENV" | "PUBLIC_URL" | "TRUST_PROXY">;
  root: string;
  announceDrain: RequestHandler;
  isDraining: () => boolean;
}): Express {
  const { build, entry, settings } = options;
  const publicUrl = settings.PUBLIC_URL ? new URL(settings.PUBLIC_URL) : undefined;
  const app = express();
  app.disable("x-powered-by");
  // A changed page must reach people whose browser holds an older one; pages carry no validator.
  app.disable("etag");
  app.set("trust proxy", trustedProxies(settings.TRUST_PROXY));

  app.use(nameRequest, options.announceDrain, compressAnswers());
  // Before the policy: it governs pages, and would outweigh most of the scripts that pages load.
  app.use(staticFiles(options.root));
  app.use(
    securityHeaders({
      https: publicUrl?.protocol === "https:",
      development: settings.NODE_ENV === "development",
    }),
  );
  app.use(
    logAccess,
    healthRoutes({
      checkReadiness: entry.checkReadiness ?? (async () => ({ ready: true, checks: {} })),
      isDraining: options.isDraining,
    }),
  );
  app.use(refuseMalformedUrl, refuseLongBody);
  entry.mountApi?.(app);
  app.use(refuseOtherMethods, refuseCrossSite(publicUrl?.host), readBody);
  app.use(remixHandler(build, settings.NODE_ENV));
  app.use(answerFailure);
  return app;
}

/** Whoever changes something through the API is answered in fewer bytes than compression takes up. */
function compressAnswers(): RequestHandler {
  const compress = compression();
  return (req, res, next) =>
    req.method !== "GET" && isApiPath(req.path) ? next() : compress(req, res, next);
}

const refuseOtherMethods: RequestHandler = (req, res, next) => {
  if (PAGE_METHODS.has(req.method)) return next();
  res.set("Allow", "GET, HEAD, POST");
  sendPlainPage(res, {
    status: 405,
    title: "This cannot be done here",
    text: "Pages are read and forms are sent; nothing else is.",
  });
};

const answerFailure: ErrorRequestHandler = (error, req, res, _next) => {
  if (!res.headersSent && isRefusal(error)) {
    return sendPlainPage(res, {
      status: error.status,
      title: "This request cannot be read",
      text: "Go back and try again.",
    });
  }
  log.error({ err: error, requestId: requestIdOf(res) }, "request failed");
  if (res.headersSent) return void res.destroy();
  const title = "Something went wrong";
  if (isApiPath(req.path)) {
    const detail = "Quote the request id when you report this.";
    return sendPlainProblem(res, {
      status: 500,
      title,
      detail,
      code: "internal",
      instance: req.path,
    });
  }
  sendPlainPage(res, { status: 500, title, text: "It is not your fault. Try again in a moment." });
};

/** Express and its parsers mark what the client did wrong with a 4xx status. */
function isRefusal(error: unknown): error is { status: number } {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 0;
  return status >= 400 && status < 500;
}
