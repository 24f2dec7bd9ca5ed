import { createHash } from "node:crypto";

/**
 * What a request asked for, in 64 hex digits, whatever the order of its fields: under one
 * idempotency key it must stay the same.
 */
export function fingerprintOf(method: string, body: object): string {
  const text = `${method}\n${canonicalJson(body)}`;
  const known = fingerprints.get(text);
  if (known) return known;
  const fingerprint = createHash("sha256").update(text).digest("hex");
  if (fingerprints.size < MOST_KNOWN) fingerprints.set(text, fingerprint);
  return fingerprint;
}

// Registering takes no fields, so nearly every request is one and the same text.
const fingerprints = new Map<string, string>();
const MOST_KNOWN = 100;

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
