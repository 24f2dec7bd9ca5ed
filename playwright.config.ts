import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/browser.mjs";

// The tests look at a site that runs; `npm test -- e2e` builds, starts and stops one.
const baseURL = process.env.BASE_URL;
if (!baseURL) {
  throw new Error("Run `npm test -- e2e [file]`, or set BASE_URL to a running, seeded site.");
}
const { executablePath, args, env } = await findChromium();

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    browserName: "chromium",
    launchOptions: { executablePath, args, env },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
  },
});
