import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "../scripts/bootstrap/build.mjs";
import type { Measure } from "./measure";
import { startNetworks } from "./network";
import type { Options } from "./options";
import { play } from "./play";
import { buildBenchPrograms } from "./programs";
import { createProgress } from "./progress";
import { tables } from "./report/tables";
import { startServers } from "./servers";
import { WORKLOADS } from "./workloads";

/** Measures, prints, and writes the results down. */
export async function runBench(options: Options): Promise<void> {
  const { quick, only, rounds, out } = options;
  const progress = createProgress();
  const chosen = WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name));
  if (chosen.some(({ http }) => http)) await ensureBuild({ log: progress });
  const programs = await buildBenchPrograms();
  const servers = await startServers(progress);
  const measures: Measure[] = [];
  try {
    const { addresses, stop } = await startNetworks(servers.addresses, programs);
    for (const { name, delayed } of chosen) {
      for (const network of options.networks) {
        if (network === "delayed" && !delayed) continue;
        const order = { workload: name, quick, rounds, network };
        const program = programs.workload;
        measures.push(...(await play({ program, order, addresses: addresses[network], progress })));
      }
    }
    stop();
  } finally {
    await servers.stop();
  }
  process.stdout.write(`\n${tables(measures)}`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "latest.json"), JSON.stringify({ options, measures }, null, 1));
}
