import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { RUNS_TYPESCRIPT } from "../support/runs-typescript";
import { ATTACKS } from "./hostile/attacks";

interface Result {
  peace: { requests: number; refused: string[] };
  withstood: {
    attack: string;
    isWithstood: boolean;
    answered: Record<string, number>;
    seconds: number;
  }[];
}

/** Lets hostile clients loose on servers of their own, as `npm run test:faults -- --hostile` does. */
function attack(): Promise<Result> {
  const program = "tests/faults/harness/main.ts --json --hostile --short".split(" ");
  return new Promise((resolve, reject) => {
    const args = ["--import", RUNS_TYPESCRIPT, ...program];
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
      } catch {
        reject(new Error(`the run printed no result: ${error?.message}\n${stderr}`));
      }
    });
  });
}

test("honest people are served while others attack", async () => {
  const { peace, withstood } = await attack();
  expect(peace.requests).toBeGreaterThan(20);
  expect(peace.refused).toEqual([]);
  expect(withstood.map((one) => one.attack)).toEqual(ATTACKS.map(({ name }) => name));
  const answers = withstood.map(({ answered }) =>
    Object.values(answered).reduce((sum, count) => sum + count, 0),
  );
  expect(Math.min(...answers), "attacks that were none").toBeGreaterThanOrEqual(10);
  const refused = withstood.find(({ attack }) => attack.includes("beyond the limit"));
  expect(refused?.answered, "log-ins that were let through").not.toHaveProperty("401");
  // Fifty a second, and once a second each of the fifty who ask: not as fast as a core can refuse.
  expect((refused?.answered[429] ?? 0) / (refused?.seconds ?? 0), "refusals a second").toBeLessThan(
    200,
  );
  expect(withstood.filter(({ isWithstood }) => !isWithstood)).toEqual([]);
});
