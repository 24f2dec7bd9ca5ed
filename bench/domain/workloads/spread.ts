import { drive } from "../../drive";
import { valuesOfRush } from "../../trace-values";
import { AT_ONCE, takeTurns, turnMs, type Workload } from "../arena";
import { QUICK_SIDES } from "../sides";

const COMPETITIONS = 200;

/** Two hundred competitions at once, a quarter as many seats as people. */
export const spread: Workload = async (arena) => {
  const capacity = Math.floor(arena.people.length / 4 / COMPETITIONS);
  await takeTurns(arena, QUICK_SIDES, async (side, round) => {
    const ids: string[] = [];
    for (let made = 0; made < COMPETITIONS; made++) ids.push(await side.open({ capacity }));
    const items = arena.people.map((user, index) => ({
      user,
      competitionId: ids[index % COMPETITIONS] ?? "",
    }));
    const trace = await drive({
      items,
      atOnce: AT_ONCE,
      forAtMostMs: turnMs(arena, round),
      ask: async (request) => (await side.register(request)).ending,
    });
    let oversold = 0;
    for (const id of ids) oversold += Math.max(0, (await side.countStored(id)) - capacity);
    const values = { ...valuesOfRush(trace), oversold };
    arena.measured({ workload: "spread", side: side.name, round, values });
  });
};
