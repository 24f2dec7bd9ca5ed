import { randomUUID } from "node:crypto";
import { hashPassword } from "~/domain/accounts/index.server";
import { database } from "~/platform/orm";
import { clearTheTables, roundsOf, takeTurns, turnMs } from "../arena.ts";
import { countRivalRegistrations, openRivalCompetition } from "../domain/rival-database.ts";
import { product } from "../domain/sides/product.ts";
import { AT_ONCE } from "../measure.ts";
import { valuesOfRush } from "../trace.ts";
import { ask, type HttpArena, type HttpWorkload } from "./http-arena.ts";
import { post, registration } from "./requests.ts";

const SIDES = ["product", "resource-route", "seed", "row-lock", "counter", "serializable"];

/** The hot competition over HTTP: tokens, idempotency keys and all, one web process a side. */
export const httpHot: HttpWorkload = async (arena) => {
  const sites = await Promise.all(SIDES.map((name) => arena.start({ name })));
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

const PASSWORD = "a-password-of-the-bench";

/** Registrations while a hundred at once log in, and while nobody does. */
export const logins: HttpWorkload = async (arena) => {
  const site = await arena.start({ name: "product" });
  const body = JSON.stringify({ email: await createAccount(), password: PASSWORD });
  const logIn = Array.from({ length: 2_000 }, () => post("/api/auth/login", [], body));
  const callers = arena.callers.slice(0, 4_000);
  const forAtMostMs = arena.quick ? 1_500 : 4_000;
  for (const round of roundsOf(arena)) {
    for (const side of ["nobody-logs-in", "hundred-log-in"]) {
      arena.progress(`round ${round} of ${arena.rounds} at most: ${side}`);
      await clearTheTables();
      const { id } = await openFor("product", callers.length);
      const requests = callers.map((caller) => registration(caller, id));
      const order = { port: site.port, forAtMostMs };
      const crowd = side === "hundred-log-in" ? logIn : [];
      const [registrations, loggedIn] = await Promise.all([
        arena.client.send({ ...order, requests, atOnce: 20 }),
        arena.secondClient.send({ ...order, requests: crowd, atOnce: 100 }),
      ]);
      const { p50Ms = Number.NaN, p99Ms = Number.NaN } = valuesOfRush(registrations);
      const values = { p50Ms, p99Ms, logins: loggedIn.requests.length };
      arena.measured({ workload: "logins", side, round, values });
    }
  }
};

async function createAccount(): Promise<string> {
  const email = `${randomUUID()}@bench.example`;
  await database().execute(
    `insert into "user" (id, email, name, role, password_hash)
     values (?, ?, 'Somebody', 'PARTICIPANT', ?)`,
    [randomUUID(), email, await hashPassword({ password: PASSWORD })],
  );
  return email;
}

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
