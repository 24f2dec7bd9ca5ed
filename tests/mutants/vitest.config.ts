import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The tests that Stryker's mutants of registrations meet. Those that patch the source are not among
 * them: here the source is Stryker's.
 */
export default defineConfig({
  root,
  resolve: { alias: { "~": `${root}app` } },
  test: {
    name: "stryker",
    env: { TZ: "UTC" },
    include: ["tests/mutants/registrations.test.ts"],
    globalSetup: "tests/support/services.ts",
    setupFiles: "tests/mutants/one-database.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
