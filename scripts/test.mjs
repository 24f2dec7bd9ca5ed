// `npm test -- [stage] [file pattern]`: every test there is, on services of its own.
import { rmSync } from "node:fs";
import { ensureBuild } from "./bootstrap/build.mjs";
import { ensureDependencies, requireNode } from "./bootstrap/dependencies.mjs";
import { runUntilInterrupt } from "./bootstrap/session.mjs";
import { requireWritableProject } from "./bootstrap/writable.mjs";
import { findChromium } from "./browser.mjs";
import { makeTemporaryFolder } from "./services/places.mjs";
import { addUp, summaryLine } from "./testing/reports.mjs";
import { findTestServices } from "./testing/services.mjs";
import { startTestSite } from "./testing/site.mjs";
import { parseTestArguments } from "./testing/stages.mjs";
import { runCheck, runPlaywright, runVitest } from "./testing/tools.mjs";

/** Stages that need no database. */
const WITHOUT_SERVICES = ["lint", "types", "unit"];
const NO_SERVICES = { serverUrl: "", redisUrl: "", stop: async () => {} };

await runUntilInterrupt(
  async ({ log, onStop, checkpoint }) => {
    requireNode();
    requireWritableProject();
    const { stages, pattern } = parseTestArguments(process.argv.slice(2));
    await ensureDependencies({ log });
    checkpoint();
    const reportFolder = makeTemporaryFolder("reports");
    onStop(async () => rmSync(reportFolder, { recursive: true, force: true }));
    const needsServices = stages.some((stage) => !WITHOUT_SERVICES.includes(stage));
    const services = needsServices ? await findTestServices({ log }) : NO_SERVICES;
    onStop(services.stop);
    checkpoint();
    if (needsServices) await ensureBuild({ log });
    const running = new Set();
    onStop(async () => running.forEach((child) => void child.kill("SIGINT")));

    const results = [];
    for (const stage of stages) {
      log(`\n── ${stage} ──`);
      const started = Date.now();
      const counts = await runStage(stage, {
        pattern,
        services,
        reportFolder,
        running,
        log,
        onStop,
      });
      checkpoint();
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
      results.push({ counts, line: `${stage.padEnd(12)} ${seconds} s  ${summaryLine(counts)}` });
    }
    const total = addUp(results.map(({ counts }) => counts));
    log(`\n${results.map(({ line }) => line).join("\n")}\n\n${summaryLine(total)}`);
    if (total.failed > 0) process.exitCode = 1;
  },
  { interruptedCode: 130 },
);

/**
 * @param {import("./testing/stages.mjs").Stage} stage
 * @param {object} options
 * @param {string} [options.pattern]
 * @param {{ serverUrl: string, redisUrl: string }} options.services
 * @param {string} options.reportFolder
 * @param {Set<import("node:child_process").ChildProcess>} options.running
 * @param {(line: string) => void} options.log
 * @param {(stop: () => Promise<unknown>) => void} options.onStop
 */
async function runStage(stage, { pattern, services, reportFolder, running, log, onStop }) {
  const { serverUrl, redisUrl } = services;
  try {
    if (stage === "lint" || stage === "types") return await runCheck(stage, { running });
    if (stage !== "e2e") {
      const env = { TEST_DATABASE_URL: serverUrl, TEST_REDIS_URL: redisUrl };
      return await runVitest(stage, { pattern, env, reportFolder, running });
    }
    const browser = await findChromium({ log });
    log(`Chromium: ${browser.how}`);
    const site = await startTestSite({ serverUrl, redisUrl, log, print: log });
    onStop(site.stop);
    const counts = await runPlaywright({ pattern, env: site.env, reportFolder, running });
    await site.stop();
    return counts;
  } catch (error) {
    log(`The stage ${stage} could not run: ${/** @type {Error} */ (error).stack}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
