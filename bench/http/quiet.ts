import { signIn } from "~/web/sessions";
import { clearTheTables, roundsOf, takeTurns, turnMs } from "../arena.ts";
import { openCompetition } from "../domain/sides/product.ts";
import { valuesOfStream } from "../trace.ts";
import { EMPTY_PAGE } from "./extra-routes.ts";
import { ask, type HttpWorkload } from "./http-arena.ts";
import { page, registration } from "./requests.ts";
import { openFor } from "./rushes.ts";

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

const COMPETITIONS = 60;

/**
 * The list and a competition's page, as visitors get them, against a page with nothing in it, and
 * against the same made for each of them alone: so it is for who has a cookie that may hold a message.
 */
export const pages: HttpWorkload = async (arena) => {
  const site = await arena.start({ name: "product" });
  await clearTheTables();
  let id = "";
  for (let made = 0; made < COMPETITIONS; made++) id = await openCompetition({ capacity: 100 });
  const [list, detail] = ["/competitions", `/competitions/${id}`];
  const members = await Promise.all(
    arena.callers.slice(0, 200).map(({ user }) => cookieOf(user.id)),
  );
  const sides = [
    { name: "empty-page", path: EMPTY_PAGE, headers: [] },
    { name: "list", path: list, headers: [] },
    { name: "detail", path: detail, headers: [] },
    { name: "detail, packed", path: detail, headers: ["accept-encoding: gzip"] },
    { name: "list, signed in", path: list, headers: members },
    { name: "detail, signed in", path: detail, headers: members },
    { name: "list, made anew", path: list, headers: ["cookie: flash=none"] },
    { name: "detail, made anew", path: detail, headers: ["cookie: flash=none"] },
    {
      name: "detail, signed in, made anew",
      path: detail,
      headers: members.map((member) => `${member}; flash=none`),
    },
  ];
  for (const round of roundsOf(arena)) {
    for (const { name, path, headers } of sides) {
      arena.progress(`round ${round} of ${arena.rounds} at most: ${name}`);
      const requests = Array.from({ length: arena.quick ? 500 : 2_000 }, (_, at) =>
        page(path, headers.length > 0 ? [headers[at % headers.length] ?? ""] : []),
      );
      const order = { requests, atOnce: 20, forAtMostMs: turnMs(arena, round) };
      const { trace, cpuMicros } = await ask(arena, site, order);
      const { perSecond, p50Ms, p99Ms } = valuesOfStream(trace);
      const wrong = trace.requests.filter(({ ending }) => ending !== "ok").length;
      const values = { perSecond, cpuMicros, p50Ms, p99Ms, wrong };
      arena.measured({ workload: "pages", side: name, round, values });
    }
  }
};

/** The header of somebody who is signed in. */
async function cookieOf(userId: string): Promise<string> {
  const setCookie = await signIn(new Request("http://localhost/login"), userId);
  return `cookie: ${setCookie.split(";")[0]}`;
}
