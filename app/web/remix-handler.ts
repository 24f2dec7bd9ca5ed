import type { ServerBuild } from "@remix-run/node";
import { createRequestHandler, writeReadableStreamToWritable } from "@remix-run/node";
import type {
  Request as ExpressRequest,
  Response as ExpressResponse,
  RequestHandler,
} from "express";
import { bodyOf } from "./body";
import {
  clientAddress,
  leavingSignal,
  requestedHost,
  requestedProtocol,
  requestIdOf,
} from "./request";
import { nonceOf } from "./security-headers";

/**
 * Hands a request to Remix. `@remix-run/express` does the same, but believes X-Forwarded-Host
 * whoever sends it, answers 500 to a malformed host, and streams a body whose length nobody counted.
 */
export function remixHandler(build: ServerBuild, mode: string): RequestHandler {
  const handle = createRequestHandler(build, mode);
  return (req, res, next) => {
    const signal = leavingSignal(res);
    const context = {
      nonce: nonceOf(res),
      requestId: requestIdOf(res),
      clientAddress: clientAddress(req),
      signal,
    };
    handle(toFetchRequest(req, res, signal), context)
      .then((response) => send(response, res))
      .catch(next);
  };
}

function toFetchRequest(req: ExpressRequest, res: ExpressResponse, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) headers.append(name, one);
    }
  }
  // Both were judged by `refuseCrossSite`; Remix would compare them again, and less well.
  headers.delete("origin");
  headers.delete("x-forwarded-host");

  return new Request(`${requestedProtocol(req)}://${requestedHost(req)}${req.originalUrl}`, {
    method: req.method,
    headers,
    body: bodyOf(res),
    signal,
  });
}

async function send(response: Response, res: ExpressResponse): Promise<void> {
  res.status(response.status);
  for (const [name, value] of response.headers) {
    // Cookies come one by one; everything else takes the place of a default.
    if (name === "set-cookie") res.append(name, value);
    else res.set(name, value);
  }
  if (response.body) await writeReadableStreamToWritable(response.body, res);
  else res.end();
}
