import { reasonOf } from "./error-facts";
import { log } from "./log";
import { singleton } from "./singleton";

/** Why Redis cannot be used, in the words of logs, `/readyz` and documents. */
export type RedisFault =
  | "redis_read_only"
  | "redis_out_of_memory"
  | "redis_permission_denied"
  | "redis_login_refused"
  /** It cannot save, or has too few replicas, and so takes no writes. */
  | "redis_writes_refused"
  | "redis_starting"
  | "redis_away";

/** How Redis' replies name each fault, directly or within a script's error. */
const FAULTS: [said: RegExp, fault: RedisFault][] = [
  [/\bREADONLY\b/, "redis_read_only"],
  [/\bOOM\b/, "redis_out_of_memory"],
  [/\bNOPERM\b|user executing the script/, "redis_permission_denied"],
  [/\b(?:NOAUTH|WRONGPASS)\b/, "redis_login_refused"],
  [/\b(?:MISCONF|NOREPLICAS)\b/, "redis_writes_refused"],
  [/\b(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN)\b/, "redis_starting"],
];

/** What an error of Redis, or of the connection to it, says about Redis. */
export function redisFaultOf(error: unknown): RedisFault {
  const text = error instanceof Error ? error.message : "";
  return FAULTS.find(([said]) => said.test(text))?.[1] ?? "redis_away";
}

/** How Node and the client call a connection that is lost, was refused or is not answered. */
const LOST =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_)|connection is closed|isn't writeable|timed out|socket timeout/i;

/**
 * Tells the log what a connection of the queues met. BullMQ says it on each of its connections and at
 * each attempt, which would be seven lines a second while Redis is away: an outage is told once.
 * Anything else, a job whose lock was lost for instance, is a line each.
 *
 * @param what whose connection it is
 */
export function noteQueueError(error: Error, what: string): void {
  const { code = "" }: NodeJS.ErrnoException = error;
  if (redisFaultOf(error) !== "redis_away" || LOST.test(code) || LOST.test(error.message)) {
    noteRedisFailure(error, "redis connection");
  } else {
    log.warn({ reason: reasonOf(error) }, what);
  }
}

/** How long nothing may have failed before Redis counts as usable again, milliseconds. */
const CALM_MS = 2_000;

/** Logs a failure, unless this fault has been logged since Redis could last be used. */
export function noteRedisFailure(error: unknown, what: "redis connection" | "redis command"): void {
  const fault = redisFaultOf(error);
  const { told } = state;
  state.lastFailureAt = performance.now();
  state.fault = fault;
  if (told.has(fault)) return;
  told.add(fault);
  log.warn({ fault, reason: reasonOf(error) }, what);
}

/** With these Redis goes on answering whoever only reads. */
const OF_WRITING: RedisFault[] = ["redis_read_only", "redis_out_of_memory", "redis_writes_refused"];

/** Whether Redis takes writes, as far as this process has met. */
export function takesRedisWrites(): boolean {
  return !OF_WRITING.some((fault) => state.told.has(fault));
}

/**
 * Logs that Redis can be used again. Where it took no writes, an answer alone does not show
 * that: then it is asked to write.
 *
 * @param write writes anything
 */
export async function noteRedisSuccess(write: () => Promise<unknown>): Promise<void> {
  if (state.told.size === 0 || performance.now() - state.lastFailureAt < CALM_MS) return;
  if (!takesRedisWrites()) {
    // Until it is answered nobody else asks.
    state.lastFailureAt = performance.now();
    try {
      await write();
    } catch (error) {
      return noteRedisFailure(error, "redis command");
    }
  }
  if (state.told.size === 0) return;
  log.info({ faults: [...state.told] }, "redis serves again");
  state.told.clear();
}

/** What failed last. */
export function latestRedisFault(): RedisFault {
  return state.fault;
}

const state = singleton("redis-outage", () => ({
  told: new Set<RedisFault>(),
  lastFailureAt: 0,
  fault: "redis_away" as RedisFault,
}));
