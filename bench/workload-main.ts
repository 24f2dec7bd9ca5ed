import { closeDatabase } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";
import { type Arena, invitePeople } from "./domain/arena";
import { closeRivals } from "./domain/rival-database";
import { createRivalTables } from "./domain/rival-tables";
import { domainWorkloads } from "./domain/workloads";
import { withHttp } from "./http/http-arena";
import { httpWorkloads } from "./http/workloads";
import type { Message, Order } from "./measure";

/** Runs one workload in this process; its parent listens over IPC. */
async function run(): Promise<void> {
  const { workload, ...order }: Order = JSON.parse(process.argv[2] ?? "{}");
  await createRivalTables();
  const arena: Arena = {
    ...order,
    people: await invitePeople(order),
    // Round 0 only warms up.
    measured: (measure) => {
      if (measure.round === 0) return;
      void tell({ kind: "measure", measure: { ...measure, network: order.network } });
    },
    progress: (text) => void tell({ kind: "progress", text }),
  };
  const overHttp = httpWorkloads[workload];
  if (overHttp) await withHttp(arena, overHttp);
  else await domainWorkloads[workload]?.(arena);
  await closeRivals();
  closeRedis();
  await closeDatabase();
}

function tell(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
}

// Nobody listens any more: the bench was stopped, or this is the end.
process.on("disconnect", () => process.exit());

run().then(
  () => process.disconnect?.(),
  async (error: unknown) => {
    await tell({ kind: "failed", text: String(error instanceof Error ? error.stack : error) });
    process.exit(1);
  },
);
