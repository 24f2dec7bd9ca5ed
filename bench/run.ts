import { fork } from "node:child_process";
import { ensureBuild } from "../scripts/launcher/build.ts";
import type { Answer } from "../worker/ops/cli.ts";
import type { Options } from "./command.ts";
import type { Measure, Message, Order } from "./measure.ts";
import { buildBenchPrograms } from "./programs.ts";
import { createProgress } from "./progress.ts";
import { beginResults, writeResults } from "./report/results.ts";
import { report } from "./report/tables.ts";
import { TARGETS } from "./report/targets.ts";
import { type Addresses, migrate, SETTINGS, startNetworks, startServers } from "./servers.ts";
import { choosePlays, shareOf } from "./workloads.ts";

/**
 * Measures, and writes the results down, after each workload what there is so far. A workload that
 * fails does not keep the others from being measured.
 *
 * @returns refused when one failed
 */
export async function runBench(options: Options): Promise<Answer> {
  const progress = createProgress();
  const plays = choosePlays(options);
  if (plays.some(({ built }) => built)) await ensureBuild(progress);
  const programs = await buildBenchPrograms();
  const servers = await startServers(progress);
  const results = beginResults(options);
  const { measures, failures } = results;
  const startedAtMs = performance.now();
  try {
    await migrate(servers.addresses);
    const networks = await startNetworks(servers.addresses, programs.delayProxy);
    for (const [index, { name, network }] of plays.entries()) {
      const leftMs = options.minutes * 60_000 - (performance.now() - startedAtMs);
      const forMs = shareOf(plays.slice(index), leftMs);
      const { quick, rounds } = options;
      const played = await play({
        program: programs.workload,
        order: { workload: name, quick, rounds, network, forMs, pids: servers.pids },
        addresses: networks.addresses[network],
        progress,
      });
      measures.push(...played.measures);
      if (played.failure) failures.push({ workload: name, network, why: played.failure });
      results.seconds = Math.round((performance.now() - startedAtMs) / 1_000);
      writeResults(results, { name: "latest", folder: options.out, targets: TARGETS });
    }
    networks.stop();
  } finally {
    await servers.stop();
  }
  const isWhole = failures.length === 0;
  if (options.saveReference && isWhole) {
    writeResults(results, { name: "reference", folder: options.out, targets: TARGETS });
  }
  return { exitCode: isWhole ? 0 : 1, data: results, text: report(results, TARGETS) };
}

/** Beyond its time a workload may take this long: its least is a warm-up and one round. */
const OVERTIME_MS = 120_000;

/** What came of a workload: some of it, and why not all, when it failed. */
interface Played {
  measures: Measure[];
  failure?: string;
}

/** Runs a workload in a process of its own, and hands on what it measures. */
async function play({
  program,
  order,
  addresses,
  progress,
}: {
  program: string;
  order: Order;
  addresses: Addresses;
  progress: (text: string) => void;
}): Promise<Played> {
  const measures: Measure[] = [];
  const child = fork(program, [JSON.stringify(order)], {
    execArgv: ["--enable-source-maps"],
    env: { ...process.env, ...addresses, ...SETTINGS },
  });
  let failure: string | undefined;
  child.on("message", (message: Message) => {
    if (message.kind === "measure") measures.push(message.measure);
    else if (message.kind === "failed") failure = message.text;
    else progress(`${order.workload}, ${order.network}: ${message.text}`);
  });
  const giveUp = setTimeout(() => {
    failure = "took too long";
    // Then it ends what it has started, too.
    if (child.connected) child.disconnect();
    else child.kill("SIGKILL");
  }, order.forMs + OVERTIME_MS);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(giveUp);
  if (code !== 0) failure ??= `ended with ${code}`;
  return { measures, failure };
}
