import { closeDatabase } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";
import { ALL_WORKLOADS } from "./all-workloads.ts";
import { invitePeopleAnew } from "./arena.ts";
import { closeRivals, createRivalTables } from "./domain/rival-database.ts";
import { closeSeed } from "./domain/sides/seed.ts";
import type { Message, Order } from "./measure.ts";

/** Runs one workload in this process; its parent listens over IPC. */
async function run(): Promise<void> {
  const { workload, ...order }: Order = JSON.parse(process.argv[2] ?? "{}");
  await createRivalTables();
  await ALL_WORKLOADS[workload]?.({
    ...order,
    people: await invitePeopleAnew(order),
    // Round 0 only warms up.
    measured: (measure) => {
      if (measure.round === 0) return;
      void tell({ kind: "measure", measure: { ...measure, network: order.network } });
    },
    progress: (text) => void tell({ kind: "progress", text }),
  });
  await Promise.all([closeRivals(), closeSeed(), closeDatabase()]);
  closeRedis();
}

function tell(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
}

// The parent has ended, or this process is done.
process.on("disconnect", () => process.exit());

run().then(
  () => process.disconnect?.(),
  async (error: unknown) => {
    await tell({ kind: "failed", text: String(error instanceof Error ? error.stack : error) });
    process.exit(1);
  },
);
