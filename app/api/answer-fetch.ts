import { randomBytes } from "node:crypto";
import type { AppLoadContext } from "@remix-run/node";
import {
  type ApiRequest,
  BODY_LIMIT_BYTES,
  type BodyRead,
  DISCARD_LIMIT_BYTES,
} from "./api-request";
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

function apiRequest(request: Request, { requestId, clientAddress }: AppLoadContext): ApiRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: () => readBody(request),
    clientAddress,
    requestId: requestId ?? randomBytes(8).toString("hex"),
  };
}

/** Counts what really arrives: a chunked body declares no length. */
async function readBody({ body }: Request): Promise<BodyRead> {
  if (!body) return { status: "read", bytes: new Uint8Array() };
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(part.value);
      // To cancel is to close the connection before the sender has read why.
      if (length > DISCARD_LIMIT_BYTES) return { status: "too_long" };
    }
  } catch {
    return { status: "gone" };
  }
  if (length > BODY_LIMIT_BYTES) return { status: "too_long" };
  return { status: "read", bytes: Buffer.concat(chunks) };
}
