import { takeTurns, turnMs } from "../arena.ts";
import type { HttpArena, HttpWorkload } from "../http/http-arena.ts";
import { page } from "../http/requests.ts";
import { serve } from "./crowd.ts";
import { atWork, type Scene, type System, startSystems } from "./systems.ts";

interface Turn {
  name: string;
  system: System;
  seats: number;
  hasWorker?: boolean;
  /** Whether people ask once the last seat has gone. */
  refuses?: boolean;
  /** How often open pages look at the seats. */
  looks?: number;
}

/**
 * What ships, over HTTP: web, worker, PostgreSQL and Redis sell a competition out and write its mail;
 * then people come too late, and open pages look at the seats. The seed has its own web process,
 * a job for each mail, and its own worker.
 */
export const system: HttpWorkload = async (arena) => {
  const { product, seed } = await startSystems(arena);
  const seats = arena.quick ? 1_000 : 6_000;
  const looks = arena.quick ? 4_000 : 20_000;
  const turns: Turn[] = [
    { name: "product", system: product, seats, refuses: true, looks },
    { name: "product, worker stopped", system: product, seats, hasWorker: false },
    { name: "seed", system: seed, seats, refuses: true },
  ];
  if (!arena.quick) turns.push({ name: "product, 10,000 seats", system: product, seats: 10_000 });
  await takeTurns(arena, turns, (turn, round) =>
    atWork(arena, turn.system, turn, (scene) => play(arena, turn, { ...scene, round })),
  );
};

async function play(
  arena: HttpArena,
  { name, system, seats, refuses, looks = 0 }: Turn,
  { crowd, requestsFor, round }: Scene & { round: number },
): Promise<void> {
  const measured = (side: string, values: Record<string, number>) =>
    arena.measured({ workload: "system", side, round, values });
  const capacity = round === 0 ? seats / 4 : seats;
  const id = await system.open({ capacity });
  const requests = requestsFor(id, arena.callers);
  const [inTime, late] = [requests.slice(0, capacity), requests.slice(capacity)];
  measured(name, await serve({ ...crowd, requests: inTime, expected: "registered" }));
  // From here on there is no mail to wait for.
  const { untilWritten: _, ...others } = crowd;
  if (refuses) {
    const order = { requests: late, expected: "full", forAtMostMs: turnMs(arena, round) } as const;
    measured(`${name}, refusals`, await serve({ ...others, ...order }));
  }
  if (looks > 0) {
    const look = page(`/competitions/${id}/seats`);
    const values = await serve({ ...others, requests: Array(looks).fill(look), expected: "ok" });
    measured(`${name}, looks`, values);
  }
}
