import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import type { Env } from "~/platform/env";
import { readFormBody, refuseLongBody } from "./body";
import { refuseCrossSite } from "./csrf";
import { healthRoutes, type Readiness } from "./health";
import { answerFailure, isApiPath, refuseMalformedUrl, refuseOtherMethods } from "./refusals";
import { remixHandler, type SpendOnPage } from "./remix-handler";
import { logAccess, nameRequest, trustedProxies } from "./request";
import { measureRequests } from "./request-metrics";
import { fileHeaders, hideAddress, keepNothing, securityHeaders } from "./security-headers";
import { staticFiles } from "./static-files";

/** What the Remix build's entry module offers besides pages: everything with state lives there once. */
export interface EntryModule {
  mountApi?: (app: Express) => void;
  spendOnPage?: SpendOnPage;
  checkReadiness?: () => Promise<Readiness>;
  closeResources?: () => Promise<void>;
  defineProcessMetrics?: () => void;
}

/** Puts the web application together, in the order a request passes through it. */
export function createWebApp(options: {
  build: ServerBuild;
  entry: EntryModule;
  settings: Pick<Env, "NODE_ENV" | "PUBLIC_URL" | "TRUST_PROXY" | "HSTS_SUBDOMAINS">;
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

  const https = publicUrl?.protocol === "https:" && {
    includeSubDomains: settings.HSTS_SUBDOMAINS === "on",
  };
  app.use(nameRequest, measureRequests, options.announceDrain, keepNothing, compressAnswers());
  // Before the pages' policy, which would outweigh most of the scripts that pages load.
  app.use(staticFiles(options.root, fileHeaders({ https })));
  app.use(securityHeaders({ https, development: settings.NODE_ENV === "development" }));
  app.use("/verify-email", hideAddress);
  app.use(
    logAccess,
    healthRoutes({
      checkReadiness: entry.checkReadiness ?? (async () => ({ ready: true, checks: {} })),
      isDraining: options.isDraining,
    }),
  );
  app.use(refuseMalformedUrl, refuseLongBody);
  entry.mountApi?.(app);
  app.use(refuseOtherMethods, refuseCrossSite(publicUrl), readFormBody);
  const spend = entry.spendOnPage ?? (async () => ({ status: "allowed" as const }));
  app.use(remixHandler(build, { mode: settings.NODE_ENV, spend }));
  app.use(answerFailure);
  return app;
}

/** An answer to a change made through the API is too short to be worth compressing. */
function compressAnswers(): RequestHandler {
  const compress = compression();
  return (req, res, next) =>
    req.method !== "GET" && isApiPath(req.path) ? next() : compress(req, res, next);
}
