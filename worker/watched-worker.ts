import { type Job, type Processor, Worker, type WorkerOptions } from "bullmq";
import { type RedisFault, redisFaultOf } from "~/platform/redis-outage";

/** Why a queue's worker does not work, in one word. */
export type QueueFault = RedisFault | "starting" | "queue_not_asked";

/** An idle worker asks for work at least every ten seconds. Milliseconds. */
const ASKS_WITHIN_MS = 15_000;
/** A job that could not be ended because Redis refused is picked up again within this time. Milliseconds. */
const DOUBT_MS = 20_000;

/**
 * BullMQ's worker, which tells whether it works: it asked its queue for a job lately and was answered,
 * or is busy with one. What BullMQ tells by itself is not enough: it says "ready" once, when it has
 * connected, and goes on for ever whatever Redis refuses.
 */
export class WatchedWorker extends Worker {
  // Declared only: BullMQ's constructor begins to work before a class' own fields are made.
  declare private asked: { at: number; fault?: RedisFault } | undefined;
  declare private doubt: { at: number; fault: RedisFault } | undefined;
  declare private busy: number | undefined;
  declare private isEnding: boolean | undefined;

  constructor(queue: string, work: Processor, options: WorkerOptions) {
    super(queue, work, options);
    for (const event of ["completed", "failed"] as const) {
      this.on(event, () => {
        this.doubt = this.isEnding = undefined;
      });
    }
    this.on("error", (error) => {
      const at = performance.now();
      const fault = redisFaultOf(error);
      // Work held up by a lost connection is repeated automatically.
      if (fault === "redis_away") return;
      if (this.isEnding) this.doubt = { at, fault };
      else this.asked = { at, fault };
    });
  }

  /** @returns why it does not work at this moment, or null */
  findFault(): QueueFault | null {
    const { asked, doubt, busy = 0 } = this;
    const now = performance.now();
    if (asked?.fault) return asked.fault;
    if (doubt && now - doubt.at < DOUBT_MS) return doubt.fault;
    if (!asked) return "starting";
    return busy > 0 || now - asked.at < ASKS_WITHIN_MS ? null : "queue_not_asked";
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      const job = await super.moveToActive(token, name);
      this.asked = { at: performance.now() };
      return job;
    } catch (error) {
      this.asked = { at: performance.now(), fault: redisFaultOf(error) };
      throw error;
    }
  }

  protected override async callProcessJob(job: Job, token: string, signal?: AbortSignal) {
    this.busy = (this.busy ?? 0) + 1;
    try {
      return await super.callProcessJob(job, token, signal);
    } finally {
      this.busy--;
      this.isEnding = true;
    }
  }
}
