import type { Options } from "./command.ts";
import type { Network } from "./measure.ts";

interface Listed {
  name: string;
  says: string;
  /** What a full run of it takes, seconds: its weight when time is shared out. */
  seconds: number;
  /** Also measured with a delay to Postgres and Redis. */
  delayed?: boolean;
  /** Needs the built web application, or the built worker. */
  built?: boolean;
}

/** What the bench can run, in the order in which it does. */
export const WORKLOADS: readonly Listed[] = [
  {
    name: "system",
    says: "all that ships, over HTTP: seats and their mail, refusals, open pages",
    seconds: 280,
    built: true,
  },
  {
    name: "system-curve",
    says: "the same with 50 to 1,000 connections",
    seconds: 230,
    built: true,
  },
  {
    name: "line",
    says: "joining the line, over HTTP: beside a seat, 20,000 at once, promotions, cancellations",
    seconds: 150,
    built: true,
  },
  {
    name: "line-alternatives",
    says: "a line as a counter, as max + 1, and with places that are rewritten",
    seconds: 60,
  },
  {
    name: "hot",
    says: "one competition, 200 at once, four people a seat",
    seconds: 110,
    delayed: true,
  },
  {
    name: "http-hot",
    says: "the hot competition over HTTP",
    seconds: 130,
    delayed: true,
    built: true,
  },
  { name: "sold-out", says: "refusals after the last seat has gone", seconds: 45, delayed: true },
  {
    name: "http-sold-out",
    says: "refusals over HTTP, and what HTTP alone costs",
    seconds: 105,
    built: true,
  },
  {
    name: "http-lone",
    says: "one registration after the other over HTTP",
    seconds: 30,
    built: true,
  },
  { name: "lone", says: "one registration after the other", seconds: 25, delayed: true },
  { name: "curve", says: "throughput and p99 against how many come at once", seconds: 130 },
  { name: "oversell", says: "500 seats sold to the last one: how many too many", seconds: 40 },
  { name: "hot-keys", says: "hot, with an idempotency key on every request", seconds: 35 },
  { name: "twice", says: "every request sent twice at the same moment", seconds: 35 },
  { name: "spread", says: "two hundred competitions at once", seconds: 45, delayed: true },
  { name: "processes", says: "one, two and four web processes", seconds: 50, built: true },
  { name: "logins", says: "registrations while a hundred log in", seconds: 45, built: true },
  {
    name: "costs",
    says: "what a registration and a refusal cost web, Redis and Postgres",
    seconds: 40,
    built: true,
  },
  { name: "mail", says: "mail that one worker writes", seconds: 35, built: true },
  { name: "pages", says: "the list and a competition's page", seconds: 35, built: true },
  { name: "flat-seats", says: "a competition of 100 seats, and of 100,000", seconds: 30 },
  { name: "flat-rows", says: "10,000 registrations in the database, and a million", seconds: 75 },
  { name: "flat-known", says: "10 competitions known to Redis, and 10,000", seconds: 70 },
  { name: "reminders", says: "reminders of 10,000 registrations, and of 100,000", seconds: 35 },
  { name: "sweep", says: "a sweep of 100 competitions, and of 1,000", seconds: 20 },
  { name: "redis-memory", says: "what competitions and registrations take in Redis", seconds: 10 },
];

/** A workload on a network: one process, one after the other. */
export interface Play extends Listed {
  network: Network;
}

/** What a run with these options consists of. */
export function choosePlays({ only, networks }: Pick<Options, "only" | "networks">): Play[] {
  return WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name)).flatMap(
    (listed) =>
      networks
        .filter((network) => network === "loopback" || listed.delayed)
        .map((network) => ({ ...listed, network })),
  );
}

/**
 * The time of the first play: its share of what is left, by weight. What it does not use goes to
 * those that follow; what it uses too much of is missing there.
 */
export function shareOf(waiting: readonly Pick<Play, "seconds">[], leftMs: number): number {
  const all = waiting.reduce((sum, { seconds }) => sum + seconds, 0);
  return Math.max(0, leftMs * ((waiting[0]?.seconds ?? 0) / all));
}
