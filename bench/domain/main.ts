import { closeDatabase } from "~/platform/orm.server";
import { closeRedis } from "~/platform/redis.server";
import type { Message, Network } from "../measure";
import { type Arena, invitePeople } from "./arena";
import { closeRivals } from "./rival-database";
import { createRivalTables } from "./rival-tables";
import { domainWorkloads } from "./workloads";

/** Runs one workload of the domain level in this process; its parent listens over IPC. */
async function run(): Promise<void> {
  const { workload, quick, rounds, network }: Order = JSON.parse(process.argv[2] ?? "{}");
  const play = domainWorkloads[workload];
  if (!play) throw new Error(`no workload ${workload}`);
  await createRivalTables();
  const arena: Arena = {
    quick,
    rounds,
    network,
    people: await invitePeople({ quick }),
    turnMs: quick ? 3_000 : 12_000,
    measured: (measure) => void tell({ kind: "measure", measure: { ...measure, network } }),
    progress: (text) => void tell({ kind: "progress", text }),
  };
  await play(arena);
  await closeRivals();
  closeRedis();
  await closeDatabase();
}

interface Order {
  workload: string;
  quick: boolean;
  rounds: number;
  network: Network;
}

function tell(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
}

run().then(
  () => process.disconnect?.(),
  async (error: unknown) => {
    await tell({ kind: "failed", text: String(error instanceof Error ? error.stack : error) });
    process.exit(1);
  },
);
