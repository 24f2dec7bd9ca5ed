import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { AppLoadContext } from "@remix-run/node";
import { readBody } from "~/web/index.server";
import type { ApiRequest } from "./request";
import { respond } from "./respond";

/** Answers `/api` inside Remix, for servers without our Express entry such as `remix-serve`. */
export async function answerFetch(request: Request, context: AppLoadContext): Promise<Response> {
  const answer = await respond(apiRequest(request, context));
  if (answer === "gone") return new Response(null, { status: 400 });
  const { status, headers, body } = answer;
  return new Response(status === 204 || request.method === "HEAD" ? null : body, {
    status,
    headers,
  });
}

function apiRequest(request: Request, context: AppLoadContext): ApiRequest {
  const { clientAddress, signal = request.signal } = context;
  const origin = context.origin ?? { requestId: randomBytes(8).toString("hex") };
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: () => readBody(nodeStream(request)),
    clientAddress,
    leaving: () => signal,
    requestId: origin.requestId,
    origin,
    noteUser: () => undefined,
  };
}

function nodeStream({ body }: Request): Readable {
  // The DOM's type of the same stream lacks the iterator that Node's has.
  return body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
}
