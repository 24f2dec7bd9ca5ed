import { clearTheTables, roundsOf, turnMs } from "../../domain/arena";
import { openCompetition } from "../../domain/sides/product";
import { valuesOfStream } from "../../trace-values";
import { EMPTY_PAGE } from "../empty-routes";
import { ask, type HttpWorkload } from "../http-arena";
import { page } from "../requests";

const COMPETITIONS = 60;

/** The list and a competition's page, as a visitor gets them, against a page with nothing in it. */
export const pages: HttpWorkload = async (arena) => {
  const site = await arena.start({ name: "product" });
  await clearTheTables();
  let id = "";
  for (let made = 0; made < COMPETITIONS; made++) id = await openCompetition({ capacity: 100 });
  const sides = [
    { name: "empty-page", path: EMPTY_PAGE },
    { name: "list", path: "/competitions" },
    { name: "detail", path: `/competitions/${id}` },
  ];
  for (const round of roundsOf(arena)) {
    for (const { name, path } of sides) {
      arena.progress(`round ${round} of ${arena.rounds} at most: ${name}`);
      const requests = Array.from({ length: arena.quick ? 500 : 2_000 }, () => page(path));
      const order = { requests, atOnce: 20, forAtMostMs: turnMs(arena, round) };
      const { trace, cpuMicros } = await ask(arena, site, order);
      const { perSecond, p50Ms, p99Ms } = valuesOfStream(trace);
      const wrong = trace.requests.filter(({ ending }) => ending !== "ok").length;
      const values = { perSecond, cpuMicros, p50Ms, p99Ms, wrong };
      arena.measured({ workload: "pages", side: name, round, values });
    }
  }
};
