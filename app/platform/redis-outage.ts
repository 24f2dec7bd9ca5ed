import { reasonOf } from "./error-facts";
import { log } from "./log";
import { singleton } from "./singleton";

/** Why Redis is of no use, in the words of logs, `/readyz` and documents. */
export type RedisFault =
  | "redis_read_only"
  | "redis_out_of_memory"
  | "redis_permission_denied"
  | "redis_login_refused"
  /** It cannot save, or has too few replicas, and takes no writes before it can. */
  | "redis_writes_refused"
  | "redis_starting"
  | "redis_away";

/** What Redis' replies say: the first word, or what stands around it when a script met it. */
const FAULTS: [said: RegExp, fault: RedisFault][] = [
  [/\bREADONLY\b/, "redis_read_only"],
  [/\bOOM\b/, "redis_out_of_memory"],
  [/\bNOPERM\b|user executing the script/, "redis_permission_denied"],
  [/\b(?:NOAUTH|WRONGPASS)\b/, "redis_login_refused"],
  [/\b(?:MISCONF|NOREPLICAS)\b/, "redis_writes_refused"],
  [/\b(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN)\b/, "redis_starting"],
];

/** What an error of Redis, or of the way there, says about it. */
export function redisFaultOf(error: unknown): RedisFault {
  const text = error instanceof Error ? error.message : "";
  return FAULTS.find(([said]) => said.test(text))?.[1] ?? "redis_away";
}

/** How long nothing may have failed before Redis counts as usable again, milliseconds. */
const CALM_MS = 2_000;

/** Tells the log of a failure, unless it has been told of this fault since Redis was last of use. */
export function noteRedisFailure(error: unknown, what: "redis connection" | "redis command"): void {
  const fault = redisFaultOf(error);
  const { told } = state;
  state.lastFailureAt = performance.now();
  state.fault = fault;
  if (told.has(fault)) return;
  told.add(fault);
  log.warn({ fault, reason: reasonOf(error) }, what);
}

/** Tells the log when Redis is of use again. */
export function noteRedisSuccess(): void {
  if (state.told.size === 0 || performance.now() - state.lastFailureAt < CALM_MS) return;
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
