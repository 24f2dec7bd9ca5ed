import { createHash } from "node:crypto";

/** The ETag of an answer (RFC 9110): a weak one, since the answer may be compressed on its way. */
export function tagOf(body: string): string {
  return `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
}

/** A strong ETag, for an answer that is sent exactly as it is. */
export function exactTagOf(body: string): string {
  return tagOf(body).slice(2);
}

/** Whether a client already has what the tag stands for, by its `If-None-Match`. */
export function isKnownTag(known: string | null | undefined, tag: string): boolean {
  return known ? known.includes(tag.replace("W/", "")) || known.trim() === "*" : false;
}
