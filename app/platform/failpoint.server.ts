declare const __FAULTS__: boolean;

/** True only in bundles that the fault tests build: everywhere else the code below is dead. */
export const FAULTS_COMPILED_IN = typeof __FAULTS__ !== "undefined" && __FAULTS__;

/**
 * A named place where the fault tests may kill, stall or fail the process.
 *
 * `FAILPOINTS` is a comma-separated list of `name=action:probability`, action one of
 * `kill`, `error`, `stall`. It does nothing unless the fault tests compiled it in.
 */
export async function failpoint(name: string): Promise<void> {
  if (!FAULTS_COMPILED_IN) return;
  for (const entry of (process.env.FAILPOINTS ?? "").split(",")) {
    const [point, action = "", probability = "1"] = entry.split(/[=:]/);
    if (point !== name || Math.random() >= Number(probability)) continue;
    if (action === "kill") process.kill(process.pid, "SIGKILL");
    if (action === "error") throw new Error(`failpoint ${name}`);
    if (action === "stall") await new Promise((resolve) => setTimeout(resolve, 3_000));
  }
}

/**
 * Whether a guard is switched off, for the negative controls that prove the harness sees a broken
 * one. Always false outside the fault tests' bundles.
 */
export function guardIsOff(name: string): boolean {
  return FAULTS_COMPILED_IN && (process.env.GUARDS_OFF ?? "").split(",").includes(name);
}
