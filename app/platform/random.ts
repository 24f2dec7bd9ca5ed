import { randomBytes } from "node:crypto";

const POOL_BYTES = 4_096;

let pool = Buffer.alloc(0);
let used = 0;

/**
 * A few random bytes as text, from a pool whose bytes are handed out once: asking the system for every
 * request would cost more than the rest of its headers.
 */
export function fewRandomBytes(count: number, encoding: "hex" | "base64"): string {
  if (used + count > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += count;
  return pool.toString(encoding, used - count, used);
}
