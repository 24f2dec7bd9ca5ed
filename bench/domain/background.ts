import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sweepSeats } from "~/domain/registration/index.server";
import { writeReminders } from "~/domain/reminders/index.server";
import { takeTurns, type Workload } from "../arena.ts";
import { cpuMsOf } from "../cpu.ts";
import { startBuilt } from "../http/site.ts";
import { untilWritten } from "../system/crowd.ts";
import { fill, hydrate } from "./fill.ts";
import { rivals } from "./rival-database.ts";

/** A day's reminders of some registrations, and of ten times as many. */
export const reminders: Workload = async (arena) => {
  const seats = arena.quick ? 1_000 : 5_000;
  await takeTurns(arena, points(2 * seats, 20 * seats), async ({ point }, round) => {
    await fill({ competitions: point / seats, seats, taken: seats });
    const { result, tookMs, values } = await withPeak(() => writeReminders());
    if (result.written !== point) throw new Error(`${result.written} reminders of ${point}`);
    const microsEach = (tookMs * 1_000) / point;
    arena.measured({
      workload: "reminders",
      side: "product",
      point,
      round,
      values: { seconds: tookMs / 1_000, microsEach, ...values },
    });
  });
};

/** A sweep of competitions that all have just changed, and of ten times as many. */
export const sweep: Workload = async (arena) => {
  await takeTurns(arena, points(100, 1_000), async ({ point }, round) => {
    await hydrate(await fill({ competitions: point, seats: 50, taken: 25 }));
    const { result, tookMs, values } = await withPeak(sweepSeats);
    if (result.looked !== point || result.repaired > 0) {
      throw new Error(`looked at ${result.looked} of ${point}, repaired ${result.repaired}`);
    }
    arena.measured({
      workload: "sweep",
      side: "product",
      point,
      round,
      values: { seconds: tookMs / 1_000, microsEach: (tookMs * 1_000) / point, ...values },
    });
  });
};

function points(...all: number[]) {
  return all.map((point) => ({ name: String(point), point }));
}

/** How fast one worker process writes mail that waits in the outbox. */
export const mail: Workload = async (arena) => {
  const seats = arena.quick ? 500 : 5_000;
  await takeTurns(arena, [{ name: "one worker" }], async ({ name }, round) => {
    await fill({ competitions: 1, seats, taken: seats });
    await writeReminders();
    const worker = await startBuilt({ folder: ".", program: "worker" });
    const startedAtMs = performance.now();
    await untilWritten(rivals());
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const workerMicros = (cpuMsOf(worker.pid) * 1_000) / seats;
    await worker.stop();
    const values = { mailsPerSecond: seats / seconds, workerMicros };
    arena.measured({ workload: "mail", side: name, round, values });
  });
};

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const MEMORY_READ_EVERY_MS = 5;
const MEGABYTE = 1_048_576;

/** Measures how long some work takes, and the most memory that the process has meanwhile. */
async function withPeak<T>(work: () => Promise<T>): Promise<{
  result: T;
  tookMs: number;
  values: { peakMb: number; growthMb: number };
}> {
  collectGarbage();
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, MEMORY_READ_EVERY_MS);
  const startedAtMs = performance.now();
  const result = await work();
  const tookMs = performance.now() - startedAtMs;
  clearInterval(look);
  peak = Math.max(peak, process.memoryUsage.rss());
  const values = { peakMb: peak / MEGABYTE, growthMb: (peak - before) / MEGABYTE };
  return { result, tookMs, values };
}
