import { ensureBuild } from "../scripts/launcher/build.ts";
import { describeMachine } from "./machine";
import type { Order } from "./measure";
import { type Networks, startNetworks } from "./network";
import type { Options } from "./options";
import { play } from "./play";
import { buildBenchPrograms, type Programs } from "./programs";
import { createProgress } from "./progress";
import { judge } from "./report/judge";
import { tables, targetTable } from "./report/tables";
import { type Results, saveReference, writeResults } from "./report/write";
import { startServers } from "./servers";
import { choosePlays, type Play, shareOf } from "./workloads";

/**
 * Measures, prints, and writes the results down, after each workload what there is so far. A
 * workload that fails does not keep the others from being measured.
 *
 * @returns whether all went well
 */
export async function runBench(options: Options): Promise<boolean> {
  const progress = createProgress();
  const plays = choosePlays(options);
  if (plays.some(({ built }) => built)) await ensureBuild(progress);
  const programs = await buildBenchPrograms();
  const servers = await startServers(progress);
  const results: Results = {
    options,
    machine: describeMachine(),
    startedAt: new Date().toISOString(),
    seconds: 0,
    failures: [],
    measures: [],
  };
  try {
    const networks = await startNetworks(servers.addresses, programs);
    await playAll(plays, { results, networks, programs, pids: servers.pids, progress });
    networks.stop();
  } finally {
    await servers.stop();
  }
  const { measures, failures } = results;
  process.stdout.write(`\n${tables(measures)}${targetTable(judge(measures))}`);
  for (const { workload, network, why } of failures) {
    process.stdout.write(`\n${workload}, ${network}, failed: ${why}\n`);
  }
  if (options.saveReference && failures.length === 0) saveReference(options);
  return failures.length === 0;
}

async function playAll(
  plays: Play[],
  {
    results,
    networks,
    programs,
    pids,
    progress,
  }: {
    results: Results;
    networks: Networks;
    programs: Programs;
    pids: Order["pids"];
    progress: (text: string) => void;
  },
): Promise<void> {
  const { quick, rounds, minutes } = results.options;
  const startedAtMs = performance.now();
  for (const [index, { name, network }] of plays.entries()) {
    const leftMs = minutes * 60_000 - (performance.now() - startedAtMs);
    const forMs = shareOf(plays.slice(index), leftMs);
    const { measures, failure } = await play({
      program: programs.workload,
      order: { workload: name, quick, rounds, network, forMs, pids },
      addresses: networks.addresses[network],
      progress,
    });
    results.measures.push(...measures);
    if (failure) results.failures.push({ workload: name, network, why: failure });
    results.seconds = Math.round((performance.now() - startedAtMs) / 1_000);
    writeResults(results);
  }
}
