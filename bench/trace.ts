import { percentile } from "./statistics.ts";

/** How a request ended: a seat, no seat left, some other success, or anything else. */
export type Ending = "registered" | "full" | "ok" | "other";

/** What happened to every request of a run, in the order in which they were sent. */
export interface Trace {
  startedAtMs: number;
  endedAtMs: number;
  requests: { ending: Ending; startedAtMs: number; endedAtMs: number }[];
}

/**
 * Sends a request for each item, `atOnce` of them at any moment, until none are left or the time is
 * up. What is under way then still ends.
 */
export async function drive<Item>({
  items,
  atOnce,
  ask,
  forAtMostMs = Number.POSITIVE_INFINITY,
}: {
  items: readonly Item[];
  atOnce: number;
  ask: (item: Item) => Promise<Ending>;
  forAtMostMs?: number;
}): Promise<Trace> {
  const requests: Trace["requests"] = [];
  let next = 0;
  const startedAtMs = performance.now();
  const sendOneAfterTheOther = async () => {
    while (next < items.length && performance.now() - startedAtMs < forAtMostMs) {
      const item = items[next++] as Item;
      const sentAtMs = performance.now();
      const ending = await ask(item);
      requests.push({ ending, startedAtMs: sentAtMs, endedAtMs: performance.now() });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, sendOneAfterTheOther));
  return { startedAtMs, endedAtMs: performance.now(), requests };
}

/**
 * The figures of a rush: how fast seats were given while there were any, how fast people were
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

/** The figures of requests that are all alike. */
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
