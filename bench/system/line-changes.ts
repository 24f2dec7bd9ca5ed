import { setTimeout } from "node:timers/promises";
import { editCompetition } from "~/domain/competitions/index.server";
import { findDrift } from "~/domain/registration/index.server";
import { rivals } from "../domain/rival-database.ts";
import { openCompetition, theOrganizer } from "../domain/sides/product.ts";
import type { HttpArena } from "../http/http-arena.ts";
import { cancellation, joining } from "../http/requests.ts";
import { type Running, startBuilt } from "../http/site.ts";
import { serve, untilWritten } from "./crowd.ts";

/** What the turns of the line are played with. */
export interface Scene {
  arena: HttpArena;
  web: Running;
}

/** Joins while others who have a seat cancel, each of which promotes somebody. No worker. */
export async function besideCancellations(
  { arena, web }: Scene,
  turn: { name: string; round: number; joins: number; leave: number },
): Promise<void> {
  const { name, round, joins, leave } = turn;
  const id = await openCompetition({ capacity: leave, waitlistLimit: 2 * joins });
  const { port } = web;
  const crowd = { client: arena.client, port, pids: { web: web.pid, ...arena.pids } };
  const [seated, waiting] = [arena.callers.slice(0, leave), arena.callers.slice(leave)];
  const requests = (callers: typeof seated) => callers.map((caller) => joining(caller, id));
  await serve({ ...crowd, requests: requests(seated), expected: "registered" });
  const leaving = arena.secondClient.send({
    port,
    requests: seated.map((caller) => cancellation(caller, id)),
    atOnce: 2,
    forAtMostMs: 60_000,
  });
  const expected = "registered";
  const values = await serve({ ...crowd, requests: requests(waiting.slice(0, joins)), expected });
  const left = await leaving;
  const cancelled = left.requests.filter(({ ending }) => ending === "ok").length;
  const all = { ...values, batchSize: await batchSize(id), notCancelled: leave - cancelled };
  arena.measured({ workload: "line", side: name, round, values: all });
}

/**
 * A thousand more seats while five times as many wait: how long the competition is locked at a time, and
 * how long it takes until Redis equals Postgres, and everybody promoted has their mail.
 */
export async function promoteMany(
  { arena, web }: Scene,
  { name, round }: { name: string; round: number },
): Promise<void> {
  const seats = arena.quick ? 200 : 1_000;
  const id = await openCompetition({ capacity: 1, waitlistLimit: 6 * seats });
  const crowd = { client: arena.client, port: web.port, pids: { web: web.pid, ...arena.pids } };
  const requests = arena.callers.slice(0, 5 * seats + 1).map((caller) => joining(caller, id));
  await serve({ ...crowd, requests, expected: "registered" });
  const worker = await startBuilt({ folder: ".", program: "worker" });
  try {
    await untilWritten(rivals());
    const watch = watchLock();
    const startedAtMs = performance.now();
    const { status } = await editCompetition({
      actor: await theOrganizer(),
      id,
      changes: { capacity: 1 + seats },
    });
    const savedSeconds = (performance.now() - startedAtMs) / 1_000;
    const lockMs = await watch.stop();
    await untilEqual(id);
    const equalSeconds = (performance.now() - startedAtMs) / 1_000;
    await untilWritten(rivals());
    const settledSeconds = (performance.now() - startedAtMs) / 1_000;
    const { rows } = await rivals().query<{ promoted: number }>(
      `select count(*)::int as promoted from registration
        where competition_id = $1 and promoted_at is not null and status = 'CONFIRMED'`,
      [id],
    );
    const notPromoted = status === "saved" ? seats - (rows[0]?.promoted ?? 0) : seats;
    const values = { lockMs, savedSeconds, equalSeconds, settledSeconds, notPromoted };
    arena.measured({ workload: "line", side: name, round, values });
  } finally {
    await worker.stop();
  }
}

/** Waits until Redis knows of a competition what Postgres has. */
async function untilEqual(competitionId: string): Promise<void> {
  while ((await findDrift([competitionId]))?.length !== 0) await setTimeout(20);
}

/** Looks every millisecond which transaction has a competition's lock alone. */
function watchLock() {
  let isOver = false;
  const looking = (async () => {
    const first = new Map<string, number>();
    let longest = 0;
    while (!isOver) {
      const { rows } = await rivals().query({ name: "locked alone", text: LOCKED_ALONE });
      for (const { holder } of rows) {
        const now = performance.now();
        first.set(holder, first.get(holder) ?? now);
        longest = Math.max(longest, now - (first.get(holder) ?? now));
      }
      await setTimeout(1);
    }
    return longest;
  })();
  return {
    /** @returns of the transaction that had it longest, from the first look that saw it to the last one, ms */
    stop(): Promise<number> {
      isOver = true;
      return looking;
    },
  };
}

const LOCKED_ALONE = `select virtualtransaction as holder from pg_locks
  where locktype = 'advisory' and mode = 'ExclusiveLock' and granted limit 1`;

/** How many registrations of a competition were committed in one transaction, on average. */
export async function batchSize(competitionId: string): Promise<number> {
  const { rows } = await rivals().query<{ size: number }>(
    `select count(*) / count(distinct xmin::text)::float8 as size from stored_answer where scope = $1`,
    [competitionId],
  );
  return rows[0]?.size ?? Number.NaN;
}
