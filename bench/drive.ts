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
