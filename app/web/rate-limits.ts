import { hash } from "node:crypto";
import { type Allowance, clearCount, giveBack, localKey, take } from "~/platform/counts";
import { env } from "~/platform/env";
import { networkOf, siteOf } from "~/platform/network";
import { holdUpRefused, refusedLately } from "~/platform/refused";

/** What is limited. */
export type LimitKind =
  | "signup"
  | "login"
  | "device_login"
  | "registration"
  | "giving_back"
  | "work"
  | "verification"
  | "calendar";

/** Who asks: an address, and an account by its email or id, whether or not there is one. */
export interface Caller {
  address: string | undefined;
  account: string | undefined;
  /** A browser that has logged in to this account before. */
  device?: string | undefined;
}

type Site = "site" | "site+account";

interface Rule extends Pick<Allowance, "points" | "seconds" | "sharedAfter"> {
  by: "network" | "account" | "account/day" | "network+account" | "device+account" | Site;
}

// From coarse to fine: the first rule that refuses ends the matter, so that nobody can make keys
// without end. A class of 500 behind one address signs up, logs in and registers within minutes.
// What is counted of logins are failures; an account as such has no limit, or strangers could keep
// its owner out.
const RULES: Record<LimitKind, Rule[]> = {
  signup: [{ by: "network", points: 1_500, seconds: 3600 }],
  login: [
    { by: "network", points: 600, seconds: 600 },
    { by: "network+account", points: 8, seconds: 600 },
  ],
  device_login: [{ by: "device+account", points: 8, seconds: 600 }],
  registration: [
    { by: "network", points: 6_000, seconds: 60, sharedAfter: 1_500 },
    { by: "account", points: 300, seconds: 60, sharedAfter: 30 },
  ],
  giving_back: [{ by: "account/day", points: 100, seconds: 24 * 3600, sharedAfter: 10 }],
  // In points of app/web/costs.ts. A thousand people behind one address who come, look around and
  // keep a page open for its seats spend 60 a minute each.
  work: [
    { by: "network", points: 200_000, seconds: 60, sharedAfter: 50_000 },
    { by: "account", points: 5_000, seconds: 60, sharedAfter: 1_000 },
  ],
  // Mail to an address that may be somebody else's, beside the first one.
  verification: [
    { by: "account", points: 3, seconds: 3600 },
    { by: "account/day", points: 5, seconds: 24 * 3600 },
  ],
  // Several devices that look every few minutes, and a hand that is impatient.
  calendar: [{ by: "account", points: 120, seconds: 600 }],
};

/** All networks of an IPv6 site together may do as much as so many. */
const NETWORKS_OF_A_SITE = 4;

/** A rule about networks, after the same about sites, which is coarser. */
function withSites(rule: Rule): Rule[] {
  const by = SITES[rule.by];
  if (!by) return [rule];
  const { points, seconds, sharedAfter = 0 } = rule;
  const more = (much: number) => NETWORKS_OF_A_SITE * much;
  return [{ by, points: more(points), seconds, sharedAfter: more(sharedAfter) }, rule];
}

const SITES: Partial<Record<Rule["by"], Site>> = {
  network: "site",
  "network+account": "site+account",
};

/** The rules, each with the name of its counts. */
const NAMED_RULES = Object.fromEntries(
  Object.entries(RULES).map(([kind, rules]) => [
    kind,
    rules
      .flatMap(withSites)
      .map(({ by, ...rule }) => ({ by, allowance: { ...rule, name: `limit:${kind}:${by}` } })),
  ]),
) as Record<LimitKind, { by: Rule["by"]; allowance: Allowance }[]>;

type RateLimited = { status: "rate_limited"; retryAfterSeconds: number };

/**
 * Counts one attempt of this kind, or what it costs in points; a refused one counts nowhere. Counted
 * for all processes together, through Redis; by each for itself while Redis is away. Who is refused
 * and asks on and on is told so a moment later.
 *
 * An account is counted the same whether or not it exists, so that no answer tells.
 */
export async function limit(
  kind: LimitKind,
  caller: Caller,
  points = 1,
): Promise<{ status: "allowed" } | RateLimited> {
  if (env().RATE_LIMITS === "off") return ALLOWED;
  const counters: Counter[] = [];
  for (const counter of countersOf(kind, caller)) {
    const waitMs = refusedLately(localKey(counter.allowance, counter.key), points);
    if (waitMs > 0) return refuse(counter, waitMs);
    counters.push(counter);
  }
  for (const [index, counter] of counters.entries()) {
    const waitMs = await take(counter.allowance, counter.key, points);
    if (waitMs === 0) continue;
    const passed = counters.slice(0, index);
    await Promise.all(passed.map(({ allowance, key }) => giveBack(allowance, key, points)));
    return refuse(counter, waitMs);
  }
  return ALLOWED;
}

/** Takes back an attempt that `limit` allowed and that came to nothing. */
export async function takeBack(kind: LimitKind, caller: Caller, points = 1): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  const counters = [...countersOf(kind, caller)];
  await Promise.all(counters.map(({ allowance, key }) => giveBack(allowance, key, points)));
}

/** Takes back an attempt that turned out right, and with it the earlier ones of the same caller. */
export async function forgive(kind: LimitKind, caller: Caller): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  const counters = [...countersOf(kind, caller)];
  await Promise.all(
    counters.map(({ allowance, key }, index) =>
      index === counters.length - 1 ? clearCount(allowance, key) : giveBack(allowance, key),
    ),
  );
}

/** A name for an account that says nothing: no address of a person is written to Redis. */
export function nameless(account: string): string {
  return hash("sha256", account, "base64url").slice(0, 22);
}

const ALLOWED = { status: "allowed" } as const;

async function refuse({ allowance, key }: Counter, waitMs: number): Promise<RateLimited> {
  await holdUpRefused(localKey(allowance, key));
  return { status: "rate_limited", retryAfterSeconds: Math.ceil(waitMs / 1000) };
}

interface Counter {
  allowance: Allowance;
  key: string;
}

/** One after the other: who is refused by the first needs no name for their account. */
function* countersOf(kind: LimitKind, caller: Caller): Generator<Counter> {
  for (const { by, allowance } of NAMED_RULES[kind]) {
    const key = keyOf(by, caller);
    if (key !== undefined) yield { allowance, key };
  }
}

/** Undefined where a part is not known: without a known address everybody would share one count. */
function keyOf(by: Rule["by"], { address, account, device }: Caller): string | undefined {
  const network = address === undefined ? undefined : networkOf(address);
  const site = address === undefined ? undefined : siteOf(address);
  switch (by) {
    case "network":
      return network;
    case "site":
      return site;
    case "account":
    case "account/day":
      return account && nameless(account);
    case "network+account":
      return network && account && `${network}|${nameless(account)}`;
    case "site+account":
      return site && account && `${site}|${nameless(account)}`;
    case "device+account":
      return device && account && `${device}|${nameless(account)}`;
  }
}
