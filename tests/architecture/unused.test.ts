import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("no file, export or package is unused", async () => {
  const { exitCode, printed } = await runKnip();
  expect(printed).toBe("");
  expect(exitCode).toBe(0);
}, 120_000);

function runKnip(): Promise<{ exitCode: number; printed: string }> {
  const args = [
    "--config",
    "tests/architecture/knip.config.ts",
    "--no-progress",
    "--no-config-hints",
  ];
  return new Promise((resolve) => {
    const program = ["node_modules/knip/bin/knip.js", ...args];
    const child = execFile(process.execPath, program, { cwd: root }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? 1, printed: (stdout + stderr).trim() }),
    );
  });
}
