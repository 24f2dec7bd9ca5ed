import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { env } from "~/platform/env";
import { keyPrefix, redis, tryRedis } from "~/platform/redis";
import { singleton } from "~/platform/singleton";
import { networkOf } from "./request";

/** What is limited. */
export type LimitKind = "signup" | "login" | "registration";

/** Who asks: an address, and an account by its email or id whether or not there is one. */
export interface Caller {
  address: string | undefined;
  account: string;
}

interface Rule {
  by: "address" | "account" | "address+account";
  /** How many within `seconds`. */
  points: number;
  seconds: number;
  /** A process asks Redis only about who came more often than this. */
  sharedAfter?: number;
}

// A class of 500 behind one address signs up, logs in and registers within minutes. Attempts to log
// in count until they turn out right, so these are limits of failures.
const RULES: Record<LimitKind, Rule[]> = {
  signup: [
    { by: "address", points: 1_500, seconds: 3600 },
    { by: "account", points: 10, seconds: 3600 },
  ],
  login: [
    { by: "address", points: 600, seconds: 600 },
    { by: "account", points: 50, seconds: 3600 },
    { by: "address+account", points: 8, seconds: 600 },
  ],
  registration: [
    { by: "address", points: 6_000, seconds: 60, sharedAfter: 1_500 },
    { by: "account", points: 300, seconds: 60, sharedAfter: 30 },
  ],
};

/**
 * Counts one attempt. Counted in Redis, for all processes together; in this process' memory while
 * Redis is away.
 *
 * An account is counted the same whether or not it exists, so that no answer tells.
 */
export async function limit(
  kind: LimitKind,
  caller: Caller,
): Promise<{ status: "allowed" } | { status: "rate_limited"; retryAfterSeconds: number }> {
  if (env().RATE_LIMITS === "off") return ALLOWED;
  const waits = await Promise.all(countersOf(kind, caller).map(countOne));
  const waitMs = Math.max(...waits);
  return waitMs > 0
    ? { status: "rate_limited", retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
    : ALLOWED;
}

/** Takes an attempt to log in back that turned out right. */
export async function forgiveLogIn(caller: Caller): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  await Promise.all(
    countersOf("login", caller).map(async ({ limiter, key, rule }) => {
      const forget = async (one: RateLimiterMemory | RateLimiterRedis) => {
        if (rule.by === "address+account") await one.delete(key);
        else await one.reward(key);
      };
      await forget(limiter.local);
      await tryRedis(() => forget(limiter.shared));
    }),
  );
}

const ALLOWED = { status: "allowed" } as const;

interface Limiter {
  local: RateLimiterMemory;
  shared: RateLimiterRedis;
}

interface Counter {
  limiter: Limiter;
  key: string;
  rule: Rule;
}

function countersOf(kind: LimitKind, { address, account }: Caller): Counter[] {
  const network = address === undefined ? undefined : networkOf(address);
  return limiters()[kind].flatMap(({ limiter, rule }) => {
    if (rule.by === "account") return { limiter, rule, key: nameless(account) };
    // Without a known address everybody would share one count.
    if (network === undefined) return [];
    const key = rule.by === "address" ? network : `${network}|${nameless(account)}`;
    return { limiter, rule, key };
  });
}

/** @returns how long to stay away in ms, 0 when allowed */
async function countOne({ limiter, key, rule }: Counter): Promise<number> {
  const local = await consume(limiter.local, key, 1);
  const { sharedAfter = 0 } = rule;
  if (sharedAfter > 0 && local.consumedPoints <= sharedAfter) return 0;
  const points = local.consumedPoints === sharedAfter + 1 ? local.consumedPoints : 1;
  const shared = await tryRedis(() => consume(limiter.shared, key, points));
  const { consumedPoints, msBeforeNext } = shared ?? local;
  return consumedPoints > rule.points ? msBeforeNext : 0;
}

/** The library rejects with the count when it is over the limit. */
async function consume(
  limiter: RateLimiterMemory | RateLimiterRedis,
  key: string,
  points: number,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, points);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  }
}

/** No address of a person is written to Redis. */
function nameless(account: string): string {
  return createHash("sha256").update(account).digest("base64url").slice(0, 22);
}

function limiters(): Record<LimitKind, { limiter: Limiter; rule: Rule }[]> {
  return singleton("rate-limiters", () => ({
    signup: RULES.signup.map((rule) => ({ rule, limiter: createLimiter("signup", rule) })),
    login: RULES.login.map((rule) => ({ rule, limiter: createLimiter("login", rule) })),
    registration: RULES.registration.map((rule) => ({
      rule,
      limiter: createLimiter("registration", rule),
    })),
  }));
}

function createLimiter(kind: LimitKind, { by, points, seconds }: Rule): Limiter {
  const options = { keyPrefix: `${keyPrefix()}:limit:${kind}:${by}`, points, duration: seconds };
  return {
    local: new RateLimiterMemory(options),
    shared: new RateLimiterRedis({ ...options, storeClient: redis() }),
  };
}
