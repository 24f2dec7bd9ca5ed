import { randomBytes } from "node:crypto";
import type { Express, Request, Response } from "express";
import {
  clientAddress,
  isApiPath,
  leavingSignal,
  nameRoute,
  readBody,
  requestOrigin,
} from "~/web/index.server";
import type { ApiRequest } from "./request";
import { respond } from "./respond";

/**
 * Answers `/api` in Express, on Node's own request and response: in a rush to register, copies into
 * Fetch objects and back would cost most.
 */
export function mountApi(app: Express): void {
  app.use((req, res, next) => {
    if (!isApiPath(req.path)) return next();
    const request = apiRequest(req, res);
    respond(request).then((answer) => {
      nameRoute(res, request.route);
      if (answer === "gone" || res.headersSent || res.destroyed) return;
      const { status, headers, body } = answer;
      if (status !== 204) headers["content-length"] = String(Buffer.byteLength(body));
      res.writeHead(status, headers);
      res.end(req.method === "HEAD" ? undefined : body);
    }, next);
  });
}

function apiRequest(req: Request, res: Response): ApiRequest {
  const { url } = req;
  const origin = requestOrigin(res) ?? { requestId: randomBytes(8).toString("hex") };
  const mark = url.indexOf("?");
  return {
    method: req.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    header: (name) => headerOf(req, name),
    readBody: () => readBody(req),
    clientAddress: clientAddress(req),
    leaving: () => leavingSignal(res),
    requestId: origin.requestId,
    origin,
    noteUser(id) {
      res.locals.userId = id;
    },
  };
}

function headerOf(req: Request, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
