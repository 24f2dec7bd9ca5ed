import { takeTurns, turnMs } from "../../domain/arena";
import { valuesOfStream } from "../../trace-values";
import { ask, type HttpWorkload } from "../http-arena";
import { registration } from "../requests";
import { openFor } from "./rush";

/** One registration after the other over HTTP, against an insert that checks nothing. */
export const httpLone: HttpWorkload = async (arena) => {
  const names = ["product", "bare-insert", "seed", "counter", "row-lock"];
  const sites = await Promise.all(names.map((name) => arena.start({ name })));
  const callers = arena.callers.slice(0, arena.quick ? 200 : 1_000);
  await takeTurns(arena, sites, async (site, round) => {
    const { id } = await openFor(site.name, callers.length);
    const order = { atOnce: 1, forAtMostMs: turnMs(arena, round) / 2 };
    const requests = callers.map((caller) => registration(caller, id));
    await ask(arena, site, { ...order, requests: requests.slice(0, 50) });
    const { trace } = await ask(arena, site, { ...order, requests: requests.slice(50) });
    const { p50Ms, p99Ms } = valuesOfStream(trace);
    const wrong = trace.requests.filter(({ ending }) => ending !== "registered").length;
    arena.measured({
      workload: "http-lone",
      side: site.name,
      round,
      values: { p50Ms, p99Ms, wrong },
    });
  });
};
