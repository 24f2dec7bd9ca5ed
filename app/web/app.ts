import type { RequestListener } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express } from "express";
import type { Env } from "~/platform/env";
import { readFormBody, refuseLongBody } from "./body";
import { coverFiles } from "./cover-files";
import { refuseCrossSite } from "./csrf";
import { answerDirectly, type DirectAnswerers } from "./direct";
import { healthRoutes, type Readiness } from "./health";
import { answerFailure, refuseMalformedUrl, refuseOtherMethods } from "./refusals";
import { type Keeping, remixHandler, type SpendOnPage } from "./remix-handler";
import { believeProxies, logAccess, nameRequest, requestIdOf, type Step } from "./request";
import { measureRequests } from "./request-metrics";
import {
  directHeaders,
  fileHeaders,
  hideAddress,
  keepNothing,
  securityHeaders,
} from "./security-headers";
import { staticFiles } from "./static-files";

/** What the Remix build's entry module offers besides pages. Everything with state lives there, once. */
export interface EntryModule extends DirectAnswerers {
  spendOnPage?: SpendOnPage;
  findVisitor?: Keeping["findVisitor"];
  countUnavailable?: Keeping["countUnavailable"];
  checkReadiness?: () => Promise<Readiness>;
  closeResources?: () => Promise<void>;
  defineProcessMetrics?: () => void;
}

interface WebOptions {
  build: ServerBuild;
  entry: EntryModule;
  settings: Pick<Env, "NODE_ENV" | "PUBLIC_URL" | "TRUST_PROXY" | "HSTS_SUBDOMAINS">;
  root: string;
  announceDrain: Step;
  isDraining: () => boolean;
}

/** Puts the web application together, in the order a request passes through it. */
export function createWebApp(options: WebOptions): RequestListener {
  const { entry, settings, announceDrain } = options;
  const believe = believeProxies(settings.TRUST_PROXY);
  const isAnswered = answerDirectly(entry, {
    headers: directHeaders({ https: httpsOf(settings) }),
  });
  const pages = createPages(options);
  return (req, plain) => {
    const res = Object.assign(plain, { locals: {} });
    const answer = () => void (isAnswered(req, res) || pages(req, res));
    believe(req, res, () =>
      nameRequest(req, res, () => measureRequests(req, res, () => announceDrain(req, res, answer))),
    );
  };
}

/** What is left for Express: files, health, pages, and whatever must be refused. */
export function createPages({ build, entry, settings, ...options }: WebOptions): Express {
  const publicUrl = settings.PUBLIC_URL ? new URL(settings.PUBLIC_URL) : undefined;
  const https = httpsOf(settings);
  const app = express();
  app.disable("x-powered-by");
  // A changed page must reach people whose browser holds an older one; pages carry no validator.
  app.disable("etag");

  app.use(tellName, keepNothing, compression({ filter: mayBePacked }));
  // Before the pages' headers, which would be longer than most of the scripts that pages load.
  app.use(coverFiles(fileHeaders({ https })), staticFiles(options.root, fileHeaders({ https })));
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
  app.use(refuseOtherMethods, refuseCrossSite(publicUrl), readFormBody);
  const spend = entry.spendOnPage ?? (async () => ({ status: "allowed" as const }));
  const { findVisitor, countUnavailable } = entry;
  const keeping = findVisitor && countUnavailable && { findVisitor, countUnavailable };
  app.use(remixHandler(build, { mode: settings.NODE_ENV, spend, keeping }));
  app.use(answerFailure);
  return app;
}

/** A calendar has a strong ETag, which stands for exactly these bytes. */
const mayBePacked: compression.CompressionFilter = (req, res) =>
  !/^text\/calendar/.test(String(res.getHeader("content-type"))) && compression.filter(req, res);

const tellName: Step = (_req, res, next) => {
  res.setHeader("x-request-id", requestIdOf(res));
  next();
};

function httpsOf({ PUBLIC_URL, HSTS_SUBDOMAINS }: WebOptions["settings"]) {
  const isHttps = PUBLIC_URL !== undefined && new URL(PUBLIC_URL).protocol === "https:";
  return isHttps && { includeSubDomains: HSTS_SUBDOMAINS === "on" };
}
