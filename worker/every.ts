import { log } from "~/platform/log";
import { counter, histogram } from "~/platform/metrics";
import { isLoggedOutage } from "~/platform/postgres-error";

/** Work that says "again" has more to do and is run again at once. */
export type LoopWork = () => Promise<"again" | undefined>;

export interface Loop {
  /** Stops the loop; resolves when the pass that is running has ended. */
  stop(): Promise<void>;
}

/** In an outage the first failure is logged, and then one in this many. */
const FAILURES_A_LINE = 60;

const runs = counter({
  name: "loop_runs_total",
  help: "Passes of the worker's loops",
  labelNames: ["loop", "outcome"],
});
const seconds = histogram({
  name: "loop_seconds",
  help: "Duration of a pass of the worker's loops",
  labelNames: ["loop"],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
});

/**
 * Runs work now, and again `ms` milliseconds after each end, until it is stopped: never twice at
 * once, and whatever it throws.
 */
export function every({ name, ms }: { name: string; ms: number }, work: LoopWork): Loop {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failures = 0;
  let told = false;
  let running = pass();

  async function pass(): Promise<void> {
    const again = await runOnce();
    if (stopped) return;
    timer = setTimeout(
      () => {
        running = pass();
      },
      again ? 0 : ms,
    );
  }

  async function runOnce(): Promise<boolean> {
    const stopTimer = seconds.startTimer({ loop: name });
    try {
      const answer = await work();
      runs.inc({ loop: name, outcome: "ok" });
      if (told) log.info({ loop: name, failures }, "loop works again");
      failures = 0;
      told = false;
      return answer === "again";
    } catch (error) {
      runs.inc({ loop: name, outcome: "failed" });
      // An outage of Postgres has a line of its own, not one for each loop.
      if (!isLoggedOutage(error) && failures++ % FAILURES_A_LINE === 0) {
        told = true;
        log.error({ err: error, loop: name }, "loop failed");
      }
      return false;
    } finally {
      stopTimer();
    }
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
