import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { RUNS_TYPESCRIPT } from "../support/runs-typescript";

test("the benchmark runs on its own servers, prints what it measured, and saves it", async () => {
  const out = mkdtempSync(join(tmpdir(), "bench-results-"));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const options = ["--quick", "--rounds", "1", "--only", "oversell", "--out", out];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", RUNS_TYPESCRIPT, "bench/main.ts", ...options],
    { timeout: 180_000 },
  );
  expect(stdout).toMatch(/seats sold twice +oversell +≤ 0 +0 +1 +met/);
  const results = JSON.parse(readFileSync(join(out, "latest.json"), "utf8"));
  expect(results.failures).toEqual([]);
  const sides = results.medians.map(({ side }: { side: string }) => side);
  expect(sides).toEqual(["product", "seed", "row-lock", "counter", "serializable"]);
}, 200_000);
