/** Faults of which it is measured how long they last. */
export const MEASURED = [
  "tests/faults/redis-cluster.test.ts",
  "tests/faults/redis-sentinels.test.ts",
  "tests/faults/postgres-outage.test.ts",
  "tests/faults/postgres-silent.test.ts",
];

/** Measures how long honest people wait, so nothing at all may run beside it. */
export const ALONE = "tests/faults/hostile.test.ts";
