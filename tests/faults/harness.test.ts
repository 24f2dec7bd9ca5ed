import { execFile } from "node:child_process";
import { describe, expect, test } from "vitest";
import { RUNS_TYPESCRIPT } from "../support/runs-typescript";
import { WITHOUT } from "./harness/plays";
import { VIOLATIONS, type Violation } from "./harness/tally";

interface Result {
  counts: Record<string, number>;
  violations: Record<Violation, string[]>;
}

/** Plays one round on its own servers, as `npm run test:faults` does. */
function play(args: string[]): Promise<Result> {
  const program = ["--import", RUNS_TYPESCRIPT, "tests/faults/harness/main.ts", "--json", ...args];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, program, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      try {
        // Libraries may have had their say before.
        resolve(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
      } catch {
        reject(new Error(`the harness printed no result: ${error?.message}\n${stderr}`));
      }
    });
  });
}

function found({ violations }: Result): string[] {
  return VIOLATIONS.filter((kind) => violations[kind].length > 0);
}

const SEED = process.env.HARNESS_SEED ?? "1";

test("kills, wipes and crashes at random break no promise", async () => {
  const result = await play(["--short", "--seed", SEED]);
  expect(result.violations).toEqual(Object.fromEntries(VIOLATIONS.map((kind) => [kind, []])));
  const { counts } = result;
  expect(counts["processes killed"]).toBeGreaterThan(2);
  expect(counts["Redis wiped (FLUSHALL)"]).toBeGreaterThan(0);
  expect(counts["answered: registered"]).toBeGreaterThan(100);
  expect(counts["places in line"]).toBeGreaterThan(20);
  expect(counts.promotions).toBeGreaterThan(0);
  expect(counts["confirmations delivered"]).toBeGreaterThan(50);
});

// Each builds the product without a guard and plays until what must come of it is seen. Whether a kill
// hits the moment that matters is up to the dice: where a seed misses it, another is played.
describe("the harness sees what happens without", { timeout: 600_000 }, () => {
  const SEEDS = Array.from({ length: 6 }, (_, more) => String(Number(SEED) + more));

  test.concurrent.each(Object.entries(WITHOUT))("%s", async (guard, { sought }) => {
    const signs = new Set<string>();
    for (const seed of SEEDS) {
      for (const seen of found(await play(["--without", guard, "--seed", seed]))) signs.add(seen);
      if (signs.has(sought)) break;
    }
    expect([...signs]).toContain(sought);
  });
});
