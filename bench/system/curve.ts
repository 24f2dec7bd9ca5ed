import { takeTurns, turnMs } from "../arena.ts";
import type { HttpWorkload } from "../http/http-arena.ts";
import { serve } from "./crowd.ts";
import { atWork, startSystems } from "./systems.ts";

/** How both systems do with more and more connections; a seat for everybody, and a mail. */
export const systemCurve: HttpWorkload = async (arena) => {
  const { product, seed } = await startSystems(arena);
  const points = arena.quick ? [50, 1_000] : [50, 100, 200, 500, 1_000];
  await takeTurns(arena, [product, seed], (system, round) =>
    atWork(arena, system, {}, async ({ crowd, requestsFor }) => {
      for (const point of points) {
        arena.progress(
          `round ${round} of ${arena.rounds} at most: ${system.name}, ${point} at once`,
        );
        const callers = arena.callers.slice(0, Math.max(4_000, point * 8));
        const id = await system.open({ capacity: callers.length });
        const { perSecond: seatsPerSecond, ...values } = await serve({
          ...crowd,
          requests: requestsFor(id, callers),
          expected: "registered",
          atOnce: point,
          forAtMostMs: turnMs(arena, round) / 2,
        });
        arena.measured({
          workload: "system-curve",
          side: system.name,
          point,
          round,
          values: { seatsPerSecond, ...values },
        });
      }
    }),
  );
};
