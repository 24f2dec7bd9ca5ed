import { AT_ONCE, takeTurns, turnMs } from "../../domain/arena";
import { countRivalRegistrations, openRivalCompetition } from "../../domain/rival-tables";
import { product } from "../../domain/sides/product";
import { valuesOfRush } from "../../trace-values";
import { ask, type HttpArena, type HttpWorkload } from "../http-arena";
import { registration } from "../requests";

const NAMES = ["product", "resource-route", "seed", "row-lock", "counter", "serializable"];

/** The hot competition over HTTP: tokens, idempotency keys and all, one web process a side. */
export const httpHot: HttpWorkload = async (arena) => {
  const sites = await Promise.all(NAMES.map((name) => arena.start({ name })));
  const capacity = arena.callers.length / 4;
  await takeTurns(arena, sites, async (site, round) => {
    const competition = await openFor(site.name, capacity);
    const requests = arena.callers.map((caller) => registration(caller, competition.id));
    const order = { requests, atOnce: AT_ONCE, forAtMostMs: turnMs(arena, round) };
    const { trace } = await ask(arena, site, order);
    const oversold = Math.max(0, (await competition.countStored()) - capacity);
    const values = { ...valuesOfRush(trace), oversold };
    arena.measured({ workload: "http-hot", side: site.name, round, values });
  });
};

/** A competition of the kind that a side registers people for. */
export async function openFor(side: string, capacity: number) {
  const isProduct = side.startsWith("product") || side === "resource-route";
  const id = await (isProduct ? product.open({ capacity }) : openRivalCompetition({ capacity }));
  const countStored = () => (isProduct ? product.countStored(id) : countRivalRegistrations(id));
  return { id, countStored };
}

/** Sells a competition out. */
export async function sellOut(
  arena: HttpArena,
  site: { name: string; port: number },
  competitionId: string,
  capacity: number,
): Promise<void> {
  const requests = arena.callers.slice(0, capacity).map((one) => registration(one, competitionId));
  await arena.client.send({ port: site.port, requests, atOnce: 10, forAtMostMs: 60_000 });
}
