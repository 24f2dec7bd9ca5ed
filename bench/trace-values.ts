import type { Trace } from "./drive";
import { percentile } from "./statistics";

/**
 * What is told of a rush: how fast seats were given while there were any, how fast people were
 * refused once there were none, and how long those waited who got a seat.
 */
export function valuesOfRush({ requests, startedAtMs, endedAtMs }: Trace): Record<string, number> {
  const registered = requests.filter(({ ending }) => ending === "registered");
  const lastSeatAtMs = Math.max(...registered.map((one) => one.endedAtMs), startedAtMs);
  const refused = requests.filter(
    (one) => one.ending === "full" && one.startedAtMs >= lastSeatAtMs,
  );
  const waits = registered.map((one) => one.endedAtMs - one.startedAtMs);
  return {
    seatsPerSecond: perSecond(registered.length, lastSeatAtMs - startedAtMs),
    refusalsPerSecond: perSecond(refused.length, endedAtMs - lastSeatAtMs),
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
    seats: registered.length,
    failures: requests.filter(({ ending }) => ending === "other").length,
  };
}

/** What is told of requests that are all alike. */
export function valuesOfStream({ requests, startedAtMs, endedAtMs }: Trace) {
  const waits = requests.map((one) => one.endedAtMs - one.startedAtMs);
  return {
    perSecond: perSecond(requests.length, endedAtMs - startedAtMs),
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
  };
}

function perSecond(count: number, ms: number): number {
  // Too few say nothing about a speed.
  return count < 10 || ms <= 0 ? Number.NaN : (count / ms) * 1_000;
}
