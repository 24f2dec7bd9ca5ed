import { takeTurns, turnMs } from "../../domain/arena";
import { valuesOfStream } from "../../trace-values";
import { EMPTY_RESOURCE } from "../empty-routes";
import { ask, type HttpArena, type HttpWorkload } from "../http-arena";
import { post, registration } from "../requests";
import type { Site } from "../site";
import { openFor, sellOut } from "./rush";

/** Refusals over HTTP at 50 at once, and what Remix and Express cost when they do nothing. */
export const httpSoldOut: HttpWorkload = async (arena) => {
  const names = ["product", "resource-route", "seed", "row-lock", "counter"];
  const turns: { name: string; site: Site; path?: string }[] = await Promise.all(
    names.map(async (name) => ({ name, site: await arena.start({ name }) })),
  );
  const site = turns[0]?.site as Site;
  turns.push({ name: "empty-resource", site, path: EMPTY_RESOURCE });
  turns.push({ name: "empty-express", site, path: "/healthz" });
  await takeTurns(arena, turns, async (turn, round) => {
    const requests = await requestsOf(arena, turn);
    const order = { requests, atOnce: 50, forAtMostMs: turnMs(arena, round) / 2 };
    const { trace, cpuMicros } = await ask(arena, turn.site, order);
    const { perSecond, p50Ms, p99Ms } = valuesOfStream(trace);
    const wrong = trace.requests.filter(({ ending }) => ending !== expected(turn)).length;
    const values = { perSecond, cpuMicros, p50Ms, p99Ms, wrong };
    arena.measured({ workload: "http-sold-out", side: turn.name, round, values });
  });
};

async function requestsOf(arena: HttpArena, turn: { name: string; site: Site; path?: string }) {
  const { path } = turn;
  const times = arena.quick ? 3 : 2;
  if (path) {
    const one =
      path === "/healthz" ? `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n` : post(path);
    return Array.from({ length: arena.callers.length * times }, () => one);
  }
  const capacity = arena.quick ? 100 : 500;
  const competition = await openFor(turn.name, capacity);
  await sellOut(arena, turn.site, competition.id, capacity);
  const late = arena.callers.slice(capacity).map((one) => registration(one, competition.id));
  return Array.from({ length: times }, () => late).flat();
}

function expected({ path }: { path?: string }) {
  return path ? "ok" : "full";
}
