import { createHash } from "node:crypto";

/**
 * JSON that a browser may keep and must ask about before it uses it: unchanged, it is answered with
 * 304 and no body (RFC 9110). The tag is weak, since the answer may be compressed on its way.
 */
export function jsonWithEtag(request: Request, value: object): Response {
  const body = JSON.stringify(value);
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 16);
  const headers = { "Cache-Control": "no-cache", ETag: `W/"${digest}"` };
  const known = request.headers.get("if-none-match") ?? "";
  if (known.includes(`"${digest}"`) || known.trim() === "*") {
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, { headers: { ...headers, "Content-Type": "application/json" } });
}
