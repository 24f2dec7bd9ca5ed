import { defineConfig } from "@playwright/test";
import { findChromium } from "./tests/support/chromium.ts";

const browser = await findChromium({ log: console.error });
const { executablePath, args, ignoreDefaultArgs, env } = browser;

export default defineConfig({
  // `npm run screenshots` takes the README's pictures.
  projects: [
    { name: "e2e", testDir: "tests/e2e" },
    { name: "screenshots", testDir: "tests/screenshots" },
  ],
  // Sets BASE_URL.
  globalSetup: "tests/e2e/support/site.ts",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: process.env.BASE_URL,
    browserName: "chromium",
    launchOptions: { executablePath, args, ignoreDefaultArgs, env },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
  },
});
