import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Express, Request, Response } from "express";
import { clientAddress, isApiPath, requestIdOf } from "~/web/index.server";
import {
  type ApiRequest,
  BODY_LIMIT_BYTES,
  type BodyRead,
  DISCARD_LIMIT_BYTES,
} from "./api-request";
import { respond } from "./respond";

/**
 * Answers `/api` in Express, on Node's own request and response: the rush to register is where
 * copies into Fetch objects and back would cost most.
 */
export function mountApi(app: Express): void {
  app.use((req, res, next) => {
    if (!isApiPath(req.path)) return next();
    respond(apiRequest(req, res)).then((answer) => {
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
  const mark = url.indexOf("?");
  return {
    method: req.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    header: (name) => headerOf(req, name),
    readBody: () => readBody(req),
    clientAddress: clientAddress(req),
    requestId: requestIdOf(res) || randomBytes(8).toString("hex"),
  };
}

function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Counts what really arrives: a chunked body declares no length. */
function readBody(req: IncomingMessage): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
      else chunks.length = 0;
      if (length > DISCARD_LIMIT_BYTES) resolve({ status: "too_long" });
    });
    req.on("end", () => {
      if (length > BODY_LIMIT_BYTES) return resolve({ status: "too_long" });
      const [only] = chunks;
      const bytes = only && chunks.length === 1 ? only : Buffer.concat(chunks);
      resolve({ status: "read", bytes });
    });
    for (const event of ["error", "close"]) req.on(event, () => resolve({ status: "gone" }));
  });
}
