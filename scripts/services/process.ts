import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A process that may outlive the program that started it. The start time tells it apart from a
 * later process that was given the same number.
 */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/**
 * What runs under a process number now, or null when nothing does. A zombie counts as nothing: in
 * a container whose first process reaps nobody, the dead keep their number.
 */
export function identify(pid: number): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 1) return null;
  if (existsSync("/proc/self/stat")) {
    const [state, , ...rest] = statOf(pid);
    return state && !"ZX".includes(state) ? { pid, started: rest[17] ?? "" } : null;
  }
  const ps = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  const line = (ps.stdout ?? "").trim();
  if (ps.status !== 0 || line === "" || line.startsWith("Z")) return null;
  return { pid, started: line.replace(/^\S+\s+/, "") };
}

/** The fields of /proc/PID/stat from the state on; none when there is no such process. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name before them is in parentheses and may contain any.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** The identity of this very process. */
export function ownIdentity(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, started: "" };
}

/** Whether that process, and not a successor with its number, is still alive. */
export function isRunning(identity: ProcessIdentity | null | undefined): boolean {
  return identity != null && identify(identity.pid)?.started === identity.started;
}

/** Sends a signal and waits until the process is gone; kills it when that takes too long. */
export async function stopProcess(
  identity: ProcessIdentity,
  { signal = "SIGTERM", timeoutMs = 8000 }: { signal?: NodeJS.Signals; timeoutMs?: number } = {},
): Promise<void> {
  if (!isRunning(identity)) return;
  sendSignal(identity.pid, signal);
  const gone = () => !isRunning(identity);
  if (await waitFor(gone, { timeoutMs, everyMs: 20 })) return;
  sendSignal(identity.pid, "SIGKILL");
  await waitFor(gone, { timeoutMs: 5000, everyMs: 20 });
}

/** Whether its parent has heard of a process' death: until then, others take the number for a process that runs. */
export function isReaped({ pid }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Stops a process that leads a group of its own, and then whatever it left in the group. */
export async function stopGroup(leader: ProcessIdentity, timeoutMs: number): Promise<void> {
  if (!isRunning(leader)) return;
  await stopProcess(leader, { timeoutMs });
  sendSignal(-leader.pid, "SIGKILL");
}

/** A signal to a process (or, with a minus, a group) that may already be gone. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The direct children of a process (Linux; empty elsewhere). */
export function childrenOf(pid: number): ProcessIdentity[] {
  if (!existsSync("/proc/self/stat")) return [];
  const all = readdirSync("/proc").map(Number);
  const children = all.filter((candidate) => statOf(candidate)[1] === String(pid));
  return children.flatMap((child) => identify(child) ?? []);
}

/** Asks until the answer is truthy; false when the time is over. */
export async function waitFor(
  condition: () => unknown,
  { timeoutMs, everyMs = 50 }: { timeoutMs: number; everyMs?: number },
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= end) return false;
    await delay(everyMs);
  }
}
