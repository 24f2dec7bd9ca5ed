// `npm test -- [stage] [file …] [-t name]`: the tests. What a stage needs its set-up brings:
// tests/support/services.ts for those of vitest, tests/e2e/support/site.ts for the browser's.
// What waits a lot runs beside the rest (`shiftsOf`).
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { runUntilInterrupt } from "../../scripts/launcher/session.ts";
import { cacheFolder, makeTemporaryFolder } from "../../scripts/services/places.ts";
import { startThrowAway } from "../support/throw-away.ts";
import { addUp, type Counts, summaryLine } from "./reports.ts";
import { parseTestArguments, type Selection, type Stage, shiftsOf } from "./stages.ts";
import { runStage } from "./tools.ts";

// Hundreds of processes load the same packages: they compile them once.
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder, "compiled");

const NEED_SERVERS = ["integration", "e2e", "faults", "recovery"];

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

    const run = async (each: Selection["stages"][number], isAlone: boolean) => {
      log(`\n── ${each.stage} ──`);
      const started = Date.now();
      const cancelSignal = stopping.signal;
      const counts = await runStage(each, { name, reportFolder, cancelSignal, isAlone });
      checkpoint();
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
      return { counts, line: `${each.stage.padEnd(12)} ${seconds} s  ${summaryLine(counts)}` };
    };
    const results = new Map<Stage, { counts: Counts; line: string }>();
    for (const lanes of shiftsOf(stages)) {
      const isAlone = lanes.length === 1;
      await Promise.all(
        lanes.map(async (lane) => {
          for (const each of lane) results.set(each.stage, await run(each, isAlone));
        }),
      );
    }
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
