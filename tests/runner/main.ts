// `npm test -- [stage] [file …] [-t name]`: the tests. What a stage needs its set-up brings:
// tests/support/services.ts for those of vitest, tests/e2e/support/site.ts for the browser's.
// Browsers and killed processes wait a lot, so their stages run beside the others.
import { rmSync } from "node:fs";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { runUntilInterrupt } from "../../scripts/launcher/session.ts";
import { makeTemporaryFolder } from "../../scripts/services/places.ts";
import { startThrowAway } from "../support/throw-away.ts";
import { addUp, type Counts, summaryLine } from "./reports.ts";
import { lanesOf, parseTestArguments, type Stage } from "./stages.ts";
import { runStage } from "./tools.ts";

const NEED_SERVERS = ["integration", "e2e", "faults"];

await runUntilInterrupt(
  async ({ log, during, onStop, checkpoint }) => {
    const { stages, name } = parseTestArguments(process.argv.slice(2));
    const reportFolder = makeTemporaryFolder("reports");
    onStop(async () => rmSync(reportFolder, { recursive: true, force: true }));
    const stopping = new AbortController();
    onStop(async () => stopping.abort());

    const needServers = stages.filter(({ stage }) => NEED_SERVERS.includes(stage));
    if (needServers.length > 0) await during("Building", ensureBuild(log));
    // Started once for all; a stage alone starts its own.
    if (needServers.length > 1 && !process.env.TEST_DATABASE_URL) {
      const { postgres, redis, stop } = await during("Starting servers", startThrowAway({ log }));
      onStop(stop);
      process.env.TEST_DATABASE_URL = postgres.url;
      process.env.TEST_REDIS_URL = redis.url;
    }
    checkpoint();

    const lanes = lanesOf(stages);
    const results = new Map<Stage, { counts: Counts; line: string }>();
    await Promise.all(
      lanes.map(async (lane) => {
        for (const each of lane) {
          log(`\n── ${each.stage} ──`);
          const started = Date.now();
          const counts = await runStage(each, {
            name,
            reportFolder,
            cancelSignal: stopping.signal,
            isAlone: lanes.length === 1,
          });
          checkpoint();
          const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
          const line = `${each.stage.padEnd(12)} ${seconds} s  ${summaryLine(counts)}`;
          results.set(each.stage, { counts, line });
        }
      }),
    );
    const inOrder = stages.flatMap(({ stage }) => results.get(stage) ?? []);
    const total = addUp(inOrder.map(({ counts }) => counts));
    if (total.passed + total.failed === 0) {
      log(`\nNo test is named "${name}".`);
      total.failed = 1;
    }
    log(`\n${inOrder.map(({ line }) => line).join("\n")}\n\n${summaryLine(total)}`);
    if (total.failed > 0) process.exitCode = 1;
  },
  { interruptedCode: 130 },
);
