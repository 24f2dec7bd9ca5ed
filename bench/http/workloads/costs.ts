import { connect } from "node:net";
import { cpuMsOf } from "../../cpu";
import { AT_ONCE, clearTheTables, roundsOf } from "../../domain/arena";
import type { HttpArena, HttpWorkload } from "../http-arena";
import { registration } from "../requests";
import type { Site } from "../site";
import { openFor } from "./rush";

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
  const { postgres, redis } = arena.pids;
  const read = async () => [await site.cpuMs(), cpuMsOf(redis), cpuMsOf(postgres)];
  const before = await read();
  const order = { port: site.port, requests, atOnce: AT_ONCE, forAtMostMs: 60_000 };
  await arena.client.send(order);
  const after = await read();
  const [webMicros, redisMicros, postgresMicros] = after.map(
    (ms, index) => ((ms - (before[index] ?? Number.NaN)) * 1_000) / requests.length,
  );
  const [request = ""] = requests;
  return {
    webMicros: webMicros ?? Number.NaN,
    redisMicros: redisMicros ?? Number.NaN,
    postgresMicros: postgresMicros ?? Number.NaN,
    requestBytes: request.length,
  };
}

/** All that comes back for a request, headers included. */
function answerBytes(port: number, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", reject).on("close", () => resolve(socket.bytesRead));
    socket.resume();
    socket.write(request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
  });
}
