import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { apartTests, UNIT_TESTS } from "./tests/runner/apart.ts";
import { LongestFirst } from "./tests/runner/longest-first.ts";
import { ALONE, MEASURED } from "./tests/runner/recovery.ts";
import { mergePackages } from "./tests/support/merged-packages.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const merged = Array.from(await mergePackages(), ([name, file]) => {
  return { find: new RegExp(`^${name}$`), replacement: file };
});
const alias = [{ find: "~", replacement: `${root}app` }, ...merged];

/** Unit tests that do something to their whole process. */
const apart = apartTests().map((file) => file.replace(/[[\](){}*?!]/g, "\\$&"));
const unit = {
  setupFiles: "tests/support/settings.ts",
  // Some start processes, which takes its time on a busy machine.
  testTimeout: 30_000,
};

/** Tests that use Postgres and Redis: each file gets a database and a key prefix of its own. */
const withServices = {
  globalSetup: "tests/support/services.ts",
  setupFiles: "tests/support/isolated.ts",
  testTimeout: 60_000,
  // What the tests stand on is made and removed here: on a busy disk a database or the image's
  // packages take a minute. A limit only ends what hangs.
  hookTimeout: 300_000,
};

export default defineConfig({
  resolve: { alias },
  test: {
    // The clock on the wall must not decide what a test says.
    env: { TZ: "UTC" },
    pool: "forks",
    // Node loads them itself, as it does other packages.
    server: { deps: { external: [/\/\.cache\/packages-/] } },
    maxWorkers: 2,
    // As many as a small machine has cores.
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: UNIT_TESTS,
          exclude: apart,
          isolate: false,
          ...unit,
        },
      },
      {
        extends: true,
        test: { name: "unit-apart", include: apart, ...unit },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          ...withServices,
          // One more than cores: the longest files mostly wait for processes.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["tests/faults/**/*.test.ts"],
          exclude: [...MEASURED, ALONE],
          ...withServices,
          testTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "recovery",
          include: MEASURED,
          ...withServices,
          // All at once: two of them wait for a Postgres that says nothing.
          maxWorkers: MEASURED.length,
          testTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: "recovery-alone",
          include: [ALONE],
          testTimeout: 120_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
