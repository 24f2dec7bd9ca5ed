import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long, mostly by waiting for processes. Begun last they would run on alone. */
export const LONGEST = [
  "tests/faults/harness.test.ts",
  "tests/integration/worker-killed.test.ts",
  "tests/integration/worker-process.test.ts",
  "tests/integration/image.test.ts",
  "tests/integration/canary.test.ts",
  "tests/integration/behind-nginx.test.ts",
  "tests/integration/capacity-model.test.ts",
  "tests/integration/redis-outage.test.ts",
  "tests/integration/bench.test.ts",
];

/** Starts the longest test files first, and the others in vitest's order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((file) => moduleId.endsWith(file));
  return rank < 0 ? LONGEST.length : rank;
}
