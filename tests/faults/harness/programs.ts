import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs an operator's command of the build. @returns its exit code and what it printed */
export async function operate(
  env: Record<string, string>,
  args: string[],
): Promise<{ exitCode: number; printed: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["build/ops.js", ...args], {
      env: { ...process.env, ...env },
    });
    return { exitCode: 0, printed: stdout };
  } catch (error) {
    const { code, stdout = "" } = error as { code?: number; stdout?: string };
    return { exitCode: code ?? 1, printed: stdout };
  }
}
