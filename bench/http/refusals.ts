import { connect } from "node:net";
import { clearTheTables, roundsOf, takeTurns, turnMs } from "../arena.ts";
import { meter, microsEach } from "../cpu.ts";
import { AT_ONCE } from "../measure.ts";
import { valuesOfStream } from "../trace.ts";
import { EMPTY_RESOURCE } from "./extra-routes.ts";
import { ask, type HttpArena, type HttpWorkload } from "./http-arena.ts";
import { post, registration } from "./requests.ts";
import { openFor, sellOut } from "./rushes.ts";
import type { Site } from "./site.ts";

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

/** What a registration and a refusal cost each of those who take part in it. */
export const costs: HttpWorkload = async (arena) => {
  const site = await arena.start({ name: "product" });
  const capacity = arena.callers.length / 4;
  for (const round of roundsOf(arena)) {
    arena.progress(`round ${round} of ${arena.rounds} at most`);
    await clearTheTables();
    const { id } = await openFor("product", capacity);
    const requests = arena.callers.map((caller) => registration(caller, id));
    // One of each is asked by hand, for its size.
    const [first = "", ...seats] = requests.slice(0, capacity);
    const [last = "", ...refusals] = requests.slice(capacity);
    const sizes = { register: await answerBytes(site.port, first), refuse: 0 };
    const costsOfSeats = await costsOf(arena, site, seats);
    sizes.refuse = await answerBytes(site.port, last);
    const costsOfRefusals = await costsOf(arena, site, refusals);
    for (const [side, values] of [
      ["register", { ...costsOfSeats, answerBytes: sizes.register }],
      ["refuse", { ...costsOfRefusals, answerBytes: sizes.refuse }],
    ] as const) {
      arena.measured({ workload: "costs", side, round, values });
    }
  }
};

async function costsOf(arena: HttpArena, site: Site, requests: string[]) {
  const order = { port: site.port, requests, atOnce: AT_ONCE, forAtMostMs: 60_000 };
  const { cpuMs } = await meter({ web: site.pid, ...arena.pids }, () => arena.client.send(order));
  const [request = ""] = requests;
  return { ...microsEach(cpuMs, requests.length), requestBytes: request.length };
}

/** The size of the whole answer, headers included. */
function answerBytes(port: number, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", reject).on("close", () => resolve(socket.bytesRead));
    socket.resume();
    socket.write(request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
  });
}
