import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { env } from "~/platform/env";
import { keyPrefix, redis, tryRedis } from "~/platform/redis";
import { forget } from "~/platform/singleton";
import { forgiveLogIn, limit } from "~/web/rate-limits";
import { call, newCaller } from "../support/api-client";
import { startApiServers } from "../support/api-servers";
import { openCompetition } from "../support/fixtures";

const urlOf = startApiServers();

beforeEach(() => {
  env().RATE_LIMITS = "on";
  forget("rate-limiters");
});
afterEach(() => {
  env().RATE_LIMITS = "off";
  vi.restoreAllMocks();
});

/** An address that no other test uses. */
let last = 0;
const newAddress = () => `10.1.${Math.floor(++last / 250)}.${(last % 250) + 1}`;
const newAccount = () => `${randomUUID()}@example.com`;

/** How many of these attempts are let through, and what the first refused one gets. */
async function attempts(
  count: number,
  kind: Parameters<typeof limit>[0],
  caller: (index: number) => Parameters<typeof limit>[1],
) {
  const outcomes = [];
  for (let index = 0; index < count; index++) outcomes.push(await limit(kind, caller(index)));
  return {
    allowed: outcomes.filter(({ status }) => status === "allowed").length,
    refused: outcomes.find((outcome) => outcome.status === "rate_limited"),
  };
}

describe("logging in", () => {
  test("fails eight times from one address, then has to wait, wherever else it works", async () => {
    const [address, account] = [newAddress(), newAccount()];
    const { allowed, refused } = await attempts(20, "login", () => ({ address, account }));
    expect(allowed).toBe(8);
    expect(refused).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(refused?.status === "rate_limited" && refused.retryAfterSeconds).toBeGreaterThan(500);
    expect(await limit("login", { address, account: newAccount() })).toEqual({ status: "allowed" });
    expect(await limit("login", { address: newAddress(), account })).toEqual({ status: "allowed" });
  });

  test("fails fifty times at one account from everywhere together", async () => {
    const account = newAccount();
    const { allowed } = await attempts(60, "login", () => ({ address: newAddress(), account }));
    expect(allowed).toBe(50);
  });

  test("with the right password is not counted", async () => {
    const caller = { address: newAddress(), account: newAccount() };
    for (let index = 0; index < 60; index++) {
      expect((await limit("login", caller)).status).toBe("allowed");
      await forgiveLogIn(caller);
    }
  });

  test("cannot be tried more often by trying at once", async () => {
    const caller = { address: newAddress(), account: newAccount() };
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => limit("login", caller)));
    expect(outcomes.filter(({ status }) => status === "allowed")).toHaveLength(8);
  });

  test("gets the same answer for an account that exists and one that does not", async () => {
    const { user } = await newCaller();
    const answers = [];
    for (const email of [user.email, newAccount()]) {
      await attempts(6, "login", () => ({ address: "127.0.0.1", account: email }));
      const json = { email, password: "wrong password" };
      const replies = [];
      for (let index = 0; index < 4; index++) {
        const request = { method: "POST", path: "/api/auth/login", json };
        replies.push(await call(urlOf("the Express entry"), request));
      }
      answers.push(replies.map(({ status, body }) => [status, body.code, body.detail]));
      const limited = replies.at(-1);
      expect(Number(limited?.headers["retry-after"])).toBeGreaterThan(0);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.map(([status]) => status)).toEqual([401, 401, 429, 429]);
  });
});

test("a class of 500 behind one address signs up, logs in and registers", async () => {
  const address = newAddress();
  for (const kind of ["signup", "login", "registration"] as const) {
    const { allowed } = await attempts(500, kind, () => ({ address, account: newAccount() }));
    expect(allowed, kind).toBe(500);
  }
});

test("one account registers at most 300 times a minute, whichever process it meets", async () => {
  const account = randomUUID();
  const meet = async () => {
    // Another process has counted nothing itself.
    forget("rate-limiters");
    return attempts(200, "registration", () => ({ address: newAddress(), account }));
  };
  expect((await meet()).allowed).toBe(200);
  expect((await meet()).allowed).toBe(100);
  expect((await meet()).allowed).toBe(30);
});

test("all of a customer's IPv6 addresses are one", async () => {
  const account = newAccount();
  const { allowed } = await attempts(20, "login", (index) => ({
    address: `2001:db8:7:7::${index.toString(16)}`,
    account,
  }));
  expect(allowed).toBe(8);
});

test("nobody is refused for an address that is not known", async () => {
  const { allowed } = await attempts(1_600, "signup", () => ({
    address: undefined,
    account: newAccount(),
  }));
  expect(allowed).toBe(1_600);
});

test("without Redis, each process counts by itself", async () => {
  const client = redis();
  vi.spyOn(client, "evalsha").mockRejectedValue(new Error("Connection is closed."));
  Object.defineProperty(client, "rlflxIncr", {
    configurable: true,
    value: () => Promise.reject(new Error("Connection is closed.")),
  });
  const caller = { address: newAddress(), account: newAccount() };
  const { allowed } = await attempts(20, "login", () => caller);
  expect(allowed).toBe(8);
});

test("Redis learns nobody's email address, and forgets in time", async () => {
  forget("rate-limiters");
  const account = newAccount();
  await limit("login", { address: newAddress(), account });
  const keys = (await tryRedis((client) => client.keys(`${keyPrefix()}:limit:*`))) ?? [];
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.join()).not.toContain(account);
  for (const key of keys) expect(await redis().ttl(key)).toBeGreaterThan(0);
});

test("RATE_LIMITS=off counts nothing", async () => {
  env().RATE_LIMITS = "off";
  const caller = { address: newAddress(), account: newAccount() };
  const { allowed } = await attempts(100, "login", () => caller);
  expect(allowed).toBe(100);
});

test("a registration too many is refused with 429 before anything else is done", async () => {
  const { token, user } = await newCaller();
  const competition = await openCompetition();
  const path = `/api/competitions/${competition}/register`;
  const register = () => call(urlOf("the Express entry"), { method: "POST", path, token });
  expect((await register()).status).toBe(201);
  await attempts(298, "registration", () => ({ address: newAddress(), account: user.id }));
  expect((await register()).body.code).toBe("already_registered");
  const refused = await register();
  expect(refused.status).toBe(429);
  expect(refused.body.code).toBe("rate_limited");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});
