import { vi } from "vitest";

/**
 * Waits until the check passes. A quiet machine needs milliseconds; a busy one may need seconds, and
 * that is no failure.
 */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 25 });
}
