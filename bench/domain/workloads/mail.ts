import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { writeReminders } from "~/domain/reminders/index.server";
import { database } from "~/platform/orm";
import { cpuMsOf } from "../../cpu";
import { takeTurns, type Workload } from "../arena";
import { fill } from "../fill";

/** How often it is looked whether all is written, milliseconds. */
const LOOKED_EVERY_MS = 50;

/** How fast one worker process writes mail that waits in the outbox. */
export const mail: Workload = async (arena) => {
  const seats = arena.quick ? 500 : 5_000;
  await takeTurns(arena, [{ name: "one worker" }], async ({ name }, round) => {
    await database().execute("truncate mail_box");
    await fill({ competitions: 1, seats, taken: seats });
    await writeReminders();
    const worker = fork(join(process.cwd(), "build/worker.js"), {
      execArgv: [],
      env: { ...process.env, WORKER_PORT: "0" },
    });
    await once(worker, "message");
    const startedAtMs = performance.now();
    await untilAllIsWritten();
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const workerMicros = (cpuMsOf(worker.pid ?? 0) * 1_000) / seats;
    worker.kill();
    await once(worker, "exit");
    const values = { mailsPerSecond: seats / seconds, workerMicros };
    arena.measured({ workload: "mail", side: name, round, values });
  });
};

async function untilAllIsWritten(): Promise<void> {
  for (;;) {
    const [row] = await database().execute<{ waiting: boolean }[]>(
      "select exists (select 1 from outbox where done_at is null) as waiting",
    );
    if (!row?.waiting) return;
    await setTimeout(LOOKED_EVERY_MS);
  }
}
