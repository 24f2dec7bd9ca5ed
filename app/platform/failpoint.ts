import { OwnError } from "./own-error";
import { seededRandom } from "./seeded-random";
import { singleton } from "./singleton";

declare const __FAULTS__: boolean;

/** True only in builds for the fault tests: in all others the code below does nothing. */
export const FAULTS_COMPILED_IN = typeof __FAULTS__ !== "undefined" && __FAULTS__;

/** How long a stall takes, milliseconds. */
const STALL_MS = Number(process.env.FAILPOINT_STALL_MS ?? 3_000);

/**
 * A named place where the fault tests may kill, stall or fail the process.
 *
 * `FAILPOINTS` is a comma-separated list of `name=action:probability`, action one of `kill`,
 * `error`, `stall`; it may change while the process runs. `FAILPOINT_SEED` makes the dice
 * repeatable, `FAILPOINT_STALL_MS` says how long a stall takes. It does nothing unless the fault
 * tests compiled it in.
 */
export async function failpoint(name: string): Promise<void> {
  if (!FAULTS_COMPILED_IN) return;
  await handlers.get(name)?.();
  for (const { action, probability } of configuration().get(name) ?? []) {
    if (nextRandom() >= probability) continue;
    if (action === "kill") process.kill(process.pid, "SIGKILL");
    if (action === "error") throw new OwnError(`failpoint ${name}`);
    if (action === "stall") await new Promise((resolve) => setTimeout(resolve, STALL_MS));
  }
}

/**
 * Whether one of these failpoints may do something now, for places where passing one costs something. With
 * dice only half of the time, so that the way around them is tried as well.
 */
export function isFailpointAhead(...names: string[]): boolean {
  if (!FAULTS_COMPILED_IN) return false;
  if (names.some((name) => handlers.has(name))) return true;
  return names.some((name) => configuration().has(name)) && nextRandom() < 0.5;
}

/**
 * Runs `handler` whenever this process passes the named place; what it throws is thrown there. For
 * tests that need one schedule rather than luck.
 *
 * @returns removes the handler
 */
export function atFailpoint(name: string, handler: () => Promise<void>): () => void {
  handlers.set(name, handler);
  return () => handlers.delete(name);
}

interface Failpoint {
  action: string;
  probability: number;
}

const handlers = singleton("failpoint-handlers", () => new Map<string, () => Promise<void>>());
function parseFailpoints(list: string): Map<string, Failpoint[]> {
  const points = new Map<string, Failpoint[]>();
  for (const entry of list.split(",").filter(Boolean)) {
    const [name = "", action = "", probability = "1"] = entry.split(/[=:]/);
    points.set(name, [...(points.get(name) ?? []), { action, probability: Number(probability) }]);
  }
  return points;
}

function configuration(): Map<string, Failpoint[]> {
  const list = process.env.FAILPOINTS ?? "";
  if (configured?.list !== list) configured = { list, points: parseFailpoints(list) };
  return configured.points;
}

let configured: { list: string; points: Map<string, Failpoint[]> } | undefined;

const { FAILPOINT_SEED } = process.env;
const nextRandom = seededRandom(
  FAILPOINT_SEED ? Number(FAILPOINT_SEED) : Math.floor(Math.random() * 2 ** 32),
);
