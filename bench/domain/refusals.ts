import type { Person } from "../../tests/support/fixtures.ts";
import { takeTurns, turnMs, type Workload } from "../arena.ts";
import { cpuMsOf } from "../cpu.ts";
import { AT_ONCE } from "../measure.ts";
import { drive, valuesOfStream } from "../trace.ts";
import { QUICK_SIDES } from "./sides/index.ts";
import { askLuaAlone } from "./sides/limits.ts";
import { openCompetition, product } from "./sides/product.ts";
import type { Answer, SideRequest } from "./sides/side.ts";

/** Everybody who comes after the last seat has gone. */
export const soldOut: Workload = async (arena) => {
  const capacity = arena.quick ? 200 : 1_000;
  const { people } = arena;
  const late = people.slice(capacity);
  await takeTurns(arena, [...QUICK_SIDES, luaAlone], async (side, round) => {
    const competitionId = await side.open({ capacity });
    const ask = async (user: Person) => (await side.register({ user, competitionId })).ending;
    const winners = people.slice(0, capacity);
    await drive({ items: winners, atOnce: 10, ask });
    const redisBeforeMs = cpuMsOf(arena.pids.redis);
    const asksRedis = side === product || side === luaAlone;
    const items = asksRedis ? repeat(late, arena.quick ? 5 : 3) : late;
    const trace = await drive({
      items,
      atOnce: AT_ONCE,
      ask,
      forAtMostMs: turnMs(arena, round) / 2,
    });
    const { perSecond, p50Ms, p99Ms } = valuesOfStream(trace);
    const redisMs = cpuMsOf(arena.pids.redis) - redisBeforeMs;
    const values = {
      refusalsPerSecond: perSecond,
      p50Ms,
      p99Ms,
      ...(asksRedis && { redisMicros: (redisMs * 1_000) / trace.requests.length }),
      notRefused: trace.requests.filter(({ ending }) => ending !== "full").length,
    };
    arena.measured({ workload: "sold-out", side: side.name, round, values });
  });
};

const luaAlone = {
  name: "lua-alone",
  open: openCompetition,
  register: async ({ user, competitionId }: SideRequest): Promise<Answer> => ({
    ending: await askLuaAlone(competitionId, user),
  }),
};

function repeat<T>(items: T[], times: number): T[] {
  return Array.from({ length: times }, () => items).flat();
}
