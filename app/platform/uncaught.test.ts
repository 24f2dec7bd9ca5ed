import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { RUNS_TYPESCRIPT } from "../../tests/support/runs-typescript";

const THROWS = `
  const { endAtUncaughtErrors } = await import("./app/platform/uncaught.ts");
  endAtUncaughtErrors();
  Promise.reject(Object.assign(new Error("kanarienvogel"), { code: "EPIPE", sent: "kanarienvogel" }));
`;

test("an error that nobody caught ends the process, and is told without what anybody sent", async () => {
  const args = ["--import", RUNS_TYPESCRIPT, "--input-type=module", "--eval", THROWS];
  const [code, printed] = await new Promise<[unknown, string]>((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve([error?.code, stdout + stderr]),
    );
  });
  expect(code).toBe(1);
  expect(JSON.parse(printed)).toMatchObject({
    level: "fatal",
    err: { type: "Error", code: "EPIPE" },
  });
  expect(printed).not.toContain("kanarienvogel");
});
