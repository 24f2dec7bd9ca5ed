import { randomBytes } from "node:crypto";

const POOL_BYTES = 4_096;

let pool = Buffer.alloc(0);
let used = 0;

/**
 * A few random bytes from a pool, each handed out once: asking the system for every request would
 * cost more than the rest of its headers.
 */
export function fewRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
