import { createHash } from "node:crypto";

/** The tag of an answer (RFC 9110). A weak one, since the answer may be compressed on its way. */
export function tagOf(body: string): string {
  return `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
}

/** A strong one, for an answer that leaves as it is. */
export function exactTagOf(body: string): string {
  return tagOf(body).slice(2);
}

/** Whether an asker has what the tag is of, by their `If-None-Match`. */
export function isKnownTag(known: string | null | undefined, tag: string): boolean {
  return known ? known.includes(tag.replace("W/", "")) || known.trim() === "*" : false;
}
