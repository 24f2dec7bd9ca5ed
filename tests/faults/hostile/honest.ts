import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "../../../bench/statistics.ts";
import { type Ask, openLine } from "./ask";
import { PASSWORD, type Town } from "./town";

/** What the honest ones waited, milliseconds: for everything, and for each thing that they do. */
export interface Waited {
  p50: number;
  p99: number;
  requests: number;
  /** Answers that nobody who means well should get. */
  refused: string[];
  worst: Record<string, number>;
}

/** How many there are at any moment, and how long each stops to read, in milliseconds. */
const AT_ONCE = 2;
const PAUSE_MS = 50;

/** People who mean well, one after the other: each logs in, looks around and registers. */
export function honestPeople(town: Town) {
  const line = openLine(town.port);
  let next = 0;

  /** Lets them come for so long. @returns what they waited; without the right answer for ever */
  async function comeFor(durationMs: number): Promise<Waited> {
    const waits: { what: string; ms: number; status: number }[] = [];
    const until = performance.now() + durationMs;
    const visitor = async (place: number) => {
      while (performance.now() < until) {
        const person = town.honest[next++];
        if (!person) throw new Error("all honest people have been here");
        for (const [what, right, run] of visit(town, person, `198.51.100.${place + 1}`)) {
          const startedAt = performance.now();
          const { status } = await run(line.ask);
          const ms = status === right ? performance.now() - startedAt : Number.POSITIVE_INFINITY;
          waits.push({ what, ms, status });
        }
        await delay(PAUSE_MS);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => visitor(place)));
    const times = waits.map(({ ms }) => ms);
    const kinds = [...new Set(waits.map(({ what }) => what))];
    const worstOf = (kind: string) =>
      Math.max(...waits.filter(({ what }) => what === kind).map(({ ms }) => ms));
    return {
      p50: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      requests: waits.length,
      refused: waits.filter(({ ms }) => ms === Infinity).map((one) => `${one.what}: ${one.status}`),
      worst: Object.fromEntries(kinds.map((kind) => [kind, worstOf(kind)])),
    };
  }

  return { comeFor, leave: line.close };
}

type Step = [what: string, right: number, run: (ask: Ask) => Promise<{ status: number }>];

function visit(town: Town, person: { id: string; token: string }, from: string): Step[] {
  const { token } = person;
  const page = `/competitions/${town.competition}`;
  const account = { email: `${person.id}@example.com`, password: PASSWORD };
  const look = (path: string) => (ask: Ask) => ask({ path, from, token });
  return [
    ["log in", 200, (ask) => ask({ method: "POST", path: "/api/auth/login", from, json: account })],
    ["read", 200, look(`/api${page}`)],
    ["read", 200, look(page)],
    ["read", 200, look(`${page}/seats`)],
    [
      "register",
      201,
      (ask) =>
        ask({
          method: "POST",
          path: `/api${page}/register`,
          from,
          token,
          key: randomUUID(),
          json: {},
        }),
    ],
    ["read", 200, look("/api/competitions/my-registrations")],
  ];
}
