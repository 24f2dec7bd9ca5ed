import { AT_ONCE, takeTurns, turnMs } from "../../domain/arena";
import { valuesOfRush } from "../../trace-values";
import type { HttpWorkload } from "../http-arena";
import { registration } from "../requests";
import { openFor } from "./rush";

/** The hot competition with one, two and four web processes behind one port. */
export const processes: HttpWorkload = async (arena) => {
  const sites = [];
  for (const count of [1, 2, 4]) {
    sites.push({ count, ...(await arena.start({ name: "product", processes: count })) });
  }
  const capacity = arena.callers.length / 4;
  await takeTurns(arena, sites, async (site, round) => {
    const { id } = await openFor(site.name, capacity);
    const requests = arena.callers.map((caller) => registration(caller, id));
    const order = { port: site.port, requests, atOnce: AT_ONCE, forAtMostMs: turnMs(arena, round) };
    const values = valuesOfRush(await arena.client.send(order));
    arena.measured({ workload: "processes", side: "product", point: site.count, round, values });
  });
};
