import { randomBytes, randomUUID } from "node:crypto";
import { deadline } from "../harness/contest";
import type { Ask, Question } from "./ask";
import type { Town } from "./town";

/** What somebody without good intentions does, over and over. */
export interface Attack {
  name: string;
  /** How many do it at once. */
  lanes: number;
  /** How many times what honest people wait in peace they may wait now, where that is less than usual. */
  timesPeace?: number;
  /** One step of one of them: what they ask, by what they were answered before. */
  step: (town: Town, lane: number, ask: Ask) => Promise<number[]>;
}

export const ATTACKS: Attack[] = [
  {
    name: "registering and cancelling in a loop, each time with a key",
    lanes: 30,
    async step({ participants, plaything }, lane, ask) {
      const common = {
        path: `/api/competitions/${plaything}/register`,
        from: network(lane),
        token: participants[lane]?.token,
      };
      const taken = await ask({ ...common, method: "POST", key: randomUUID(), json: {} });
      return [taken.status, (await ask({ ...common, method: "DELETE" })).status];
    },
  },
  {
    name: "lists of 100 long descriptions, and what takes long to read",
    lanes: 20,
    step(_town, lane, ask) {
      const list: Question = { path: "/api/competitions?limit=100", from: network(lane) };
      const slow = lane % 2 === 0 ? undefined : SLOW_TO_READ[(lane >> 1) % SLOW_TO_READ.length];
      return one(ask, { ...list, ...slow });
    },
  },
  {
    name: "searches through everything",
    lanes: 20,
    step({ words }, lane, ask) {
      const some = words[Math.floor(Math.random() * words.length)] ?? "";
      const sought = [some, some.slice(0, 2), `${some} ${some}`, "%", "'; --", "nowhere at all"];
      const q = encodeURIComponent(sought[Math.floor(Math.random() * sought.length)] ?? "");
      const path =
        lane % 2 === 0 ? `/api/competitions?limit=100&q=${q}` : `/competitions?q=${q}&page=999999`;
      return one(ask, { path, from: network(lane) });
    },
  },
  {
    name: "200 wrong passwords at once",
    lanes: 200,
    step: ({ honest }, lane, ask) =>
      one(ask, logIn(`${honest.at(-1 - lane)?.id}@example.com`, network(0))),
  },
  {
    name: "log-ins of random addresses, beyond the limit",
    lanes: 50,
    // Who is refused on and on is held up, so that this takes next to nothing.
    timesPeace: 4,
    step: (_town, _lane, ask) =>
      one(ask, logIn(`${randomBytes(8).toString("hex")}@example.com`, KNOWN_ADDRESS)),
  },
  // The last: what it began goes on for a while.
  {
    name: "competitions of 100,000 seats, created ten at once and deleted",
    lanes: 10,
    async step({ organizers }, lane, ask) {
      const token = organizers[lane]?.token;
      const from = network(lane);
      const json = { title: "Huge", description: "x", capacity: 100_000, regDeadline: deadline(1) };
      const made = await ask({ method: "POST", path: "/api/competitions", from, token, json });
      if (made.status !== 201) return [made.status];
      const { id } = JSON.parse(made.body) as { id: string };
      const path = `/api/competitions/${id}`;
      return [made.status, (await ask({ method: "DELETE", path, from, token })).status];
    },
  },
];

/** What took a process up to seconds of all its time, each. */
const SLOW_TO_READ: Omit<Question, "from">[] = [
  { path: `${"/".repeat(15_000)}x` },
  { path: "/a".repeat(7_500) },
  {
    path: "/api/auth/signup",
    method: "POST",
    json: { name: `a${"\u0301".repeat(15_000)}${"\u0316".repeat(15_000)}` },
  },
  {
    path: "/api/auth/login",
    method: "POST",
    type: `application/json${" ".repeat(15_000)}x`,
    json: {},
  },
];

/** From here nobody may try a password any more. */
export const KNOWN_ADDRESS = "203.0.113.250";

async function one(ask: Ask, question: Question): Promise<number[]> {
  return [(await ask(question)).status];
}

function logIn(email: string, from: string): Question {
  const json = { email, password: "not the password" };
  return { method: "POST", path: "/api/auth/login", from, json };
}

/** An address of an attacker's; the honest ones have none of these. */
function network(lane: number): string {
  return `203.0.113.${lane + 1}`;
}
