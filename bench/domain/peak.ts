import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const LOOKED_EVERY_MS = 5;
const MEGABYTE = 1_048_576;

/** Does some work and tells how long it took, and the most memory the process had meanwhile. */
export async function withPeak<T>(work: () => Promise<T>): Promise<{
  result: T;
  tookMs: number;
  values: { peakMb: number; growthMb: number };
}> {
  collectGarbage();
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, LOOKED_EVERY_MS);
  const startedAtMs = performance.now();
  const result = await work();
  const tookMs = performance.now() - startedAtMs;
  clearInterval(look);
  peak = Math.max(peak, process.memoryUsage.rss());
  const values = { peakMb: peak / MEGABYTE, growthMb: (peak - before) / MEGABYTE };
  return { result, tookMs, values };
}
