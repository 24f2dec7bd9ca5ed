import { readdirSync, readFileSync } from "node:fs";

/** Linux reports CPU time in hundredths of a second. */
const TICK_MS = 10;

/** The CPU time that a process and its children have used, milliseconds; NaN without `/proc`. */
export function cpuMsOf(pid: number): number {
  const parent = readStat(String(pid));
  if (!parent) return Number.NaN;
  let ticks = parent.own + parent.ofChildrenThatEnded;
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readStat(name) : null;
    if (stat?.parent === pid) ticks += stat.own;
  }
  return ticks * TICK_MS;
}

/** What processes used while some work was done, milliseconds of CPU by the names they have here. */
export async function meter<T>(
  pids: Readonly<Record<string, number>>,
  work: () => Promise<T>,
): Promise<{ result: T; cpuMs: Record<string, number> }> {
  const read = () => Object.entries(pids).map(([name, pid]) => [name, cpuMsOf(pid)] as const);
  const before = new Map(read());
  const result = await work();
  const used = read().map(([name, ms]) => [name, ms - (before.get(name) ?? Number.NaN)] as const);
  return { result, cpuMs: Object.fromEntries(used) };
}

/** The same for one of so many pieces of that work, µs, as values: `webMicros`. */
export function microsEach(
  cpuMs: Readonly<Record<string, number>>,
  pieces: number,
): Record<string, number> {
  const values = Object.entries(cpuMs).map(([name, ms]) => [
    `${name}Micros`,
    (ms * 1_000) / pieces,
  ]);
  return Object.fromEntries(values);
}

interface Stat {
  parent: number;
  own: number;
  ofChildrenThatEnded: number;
}

function readStat(pid: string): Stat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // It ended, or this is not Linux.
    return null;
  }
}

/** The fields of `/proc/PID/stat` that are wanted; the program's name may hold anything. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return {
    parent: field(4),
    own: field(14) + field(15),
    ofChildrenThatEnded: field(16) + field(17),
  };
}
