import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { countsHere } from "~/platform/counts";
import { env } from "~/platform/env";
import { keyPrefix, redis } from "~/platform/redis";
import { forget } from "~/platform/singleton";
import { forgive, limit, takeBack } from "~/web/rate-limits";
import { cancelWithForm } from "~/web/registration-form";
import { call, newCaller } from "../support/api-client";
import { startApiServers } from "../support/api-servers";
import { openCompetition } from "../support/fixtures";

const urlOf = startApiServers();

beforeEach(() => {
  env().RATE_LIMITS = "on";
  forgetAll();
});
afterEach(() => {
  env().RATE_LIMITS = "off";
  vi.restoreAllMocks();
});

/** As in another process, which has counted and refused nothing itself. */
function forgetAll(): void {
  forget("counts");
  forget("refusals");
}

/** An address that no other test uses. */
let last = 0;
const newAddress = () => `10.1.${Math.floor(++last / 250)}.${(last % 250) + 1}`;
const newAccount = () => `${randomUUID()}@example.com`;

const limitKeys = async () => (await redis().keys(`${keyPrefix()}:limit:*`)).sort();

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
  test("fails eight times from one network, then has to wait; everything else goes on", async () => {
    const [address, account] = [newAddress(), newAccount()];
    const { allowed, refused } = await attempts(20, "login", () => ({ address, account }));
    expect(allowed).toBe(8);
    expect(refused).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(refused?.status === "rate_limited" && refused.retryAfterSeconds).toBeGreaterThan(500);
    expect(await limit("login", { address, account: newAccount() })).toEqual({ status: "allowed" });
    expect(await limit("login", { address: newAddress(), account })).toEqual({ status: "allowed" });
  });

  test("fails any number of times from everywhere together: nobody's account is locked", async () => {
    const account = newAccount();
    const { allowed } = await attempts(200, "login", () => ({ address: newAddress(), account }));
    expect(allowed).toBe(200);
  });

  test("from a device that is known there has a limit of its own", async () => {
    const [address, account, device] = [newAddress(), newAccount(), "a-device"];
    await attempts(20, "login", () => ({ address, account }));
    const known = () => ({ address, account, device });
    expect((await attempts(20, "device_login", known)).allowed).toBe(8);
    const other = () => ({ ...known(), device: "another-device" });
    expect((await attempts(20, "device_login", other)).allowed).toBe(8);
  });

  test("with the right password is not counted, and forgives the mistakes before", async () => {
    const caller = { address: newAddress(), account: newAccount() };
    for (let index = 0; index < 20; index++) {
      // The last is refused, which the process remembers for a moment.
      expect((await attempts(9, "login", () => caller)).allowed).toBe(8);
      await forgive("login", caller);
    }
  });

  test("is not counted where it came to nothing", async () => {
    const caller = { address: newAddress(), account: newAccount() };
    for (let index = 0; index < 20; index++) {
      expect((await limit("login", caller)).status).toBe("allowed");
      await takeBack("login", caller);
    }
    expect((await attempts(20, "login", () => caller)).allowed).toBe(8);
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
  const meet = async (times: number) => {
    forgetAll();
    return attempts(times, "registration", () => ({ address: newAddress(), account }));
  };
  expect((await meet(200)).allowed).toBe(200);
  expect((await meet(110)).allowed).toBe(100);
  expect((await meet(40)).allowed).toBe(30);
});

test("all of a customer's IPv6 addresses are one", async () => {
  const account = newAccount();
  const { allowed } = await attempts(20, "login", (index) => ({
    address: `2001:db8:7:7::${index.toString(16)}`,
    account,
  }));
  expect(allowed).toBe(8);
});

test("a customer's 65,536 IPv6 networks may do what four may, and no other customer waits for it", async () => {
  const account = newAccount();
  const from = (site: number) => (index: number) => ({
    address: `2001:db8:${site}:${index.toString(16)}::1`,
    account,
  });
  expect((await attempts(50, "login", from(8))).allowed).toBe(32);
  expect((await attempts(8, "login", from(9))).allowed).toBe(8);
  const { allowed } = await attempts(7_000, "signup", (index) => from(10)(index));
  expect(allowed).toBe(6_000);
});

test("nobody is refused because their address is unknown", async () => {
  const { allowed } = await attempts(1_600, "signup", () => ({
    address: undefined,
    account: newAccount(),
  }));
  expect(allowed).toBe(1_600);
});

test("without Redis, each process counts by itself", async () => {
  const client = redis();
  vi.spyOn(client, "evalsha").mockRejectedValue(new Error("Connection is closed."));
  const caller = { address: newAddress(), account: newAccount() };
  const { allowed } = await attempts(20, "login", () => caller);
  expect(allowed).toBe(8);
});

test("Redis learns nobody's email address, and forgets in time", async () => {
  forgetAll();
  const account = newAccount();
  await limit("login", { address: newAddress(), account });
  const keys = await limitKeys();
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.join()).not.toContain(account);
  for (const key of keys) expect(await redis().ttl(key)).toBeGreaterThan(0);
});

describe("what is refused", () => {
  test("leaves nothing behind: no key of its own, and none lasts longer", async () => {
    const address = newAddress();
    const flood = () => ({ address, account: newAccount() });
    expect((await attempts(600, "login", flood)).allowed).toBe(600);
    const before = await limitKeys();
    const here = countsHere().size;
    const network = before.find((key) => key.includes(address) && !key.includes("|")) ?? "";
    const count = await redis().get(network);
    const { allowed, refused } = await attempts(40, "login", flood);
    expect(allowed).toBe(0);
    expect(refused?.status === "rate_limited" && refused.retryAfterSeconds).toBeLessThan(601);
    expect(await limitKeys()).toEqual(before);
    expect(countsHere().size).toBe(here);
    expect(await redis().get(network)).toBe(count);
    forget("refusals");
    const asked = vi.spyOn(redis(), "evalsha");
    // The first asks, by the coarser rule; the others are refused from memory.
    await attempts(3, "login", flood);
    expect(asked.mock.calls.map(([, , key]) => key)).toEqual([network]);
  });

  test("reaches a flood at the end of the moment, and everybody else at once", async () => {
    const address = newAddress();
    const flood = () => ({ address, account: newAccount() });
    await attempts(600, "login", flood);
    const order: string[] = [];
    const ask = async (who: string, caller: Parameters<typeof limit>[1]) => {
      const { status } = await limit("login", caller);
      order.push(`${who}: ${status}`);
    };
    const asked = Array.from({ length: 52 }, (_, index) => ask(`flood ${index}`, flood()));
    await ask("somebody else", { address: newAddress(), account: newAccount() });
    await Promise.all(asked);
    expect(order.at(-3)).toBe("somebody else: allowed");
    expect(order.slice(-2).sort()).toEqual(["flood 50: rate_limited", "flood 51: rate_limited"]);
  });

  test("by a finer rule does not count at a coarser one", async () => {
    const address = newAddress();
    const account = newAccount();
    await attempts(100, "login", () => {
      forget("refusals");
      return { address, account };
    });
    const others = () => ({ address, account: newAccount() });
    expect((await attempts(600, "login", others)).allowed).toBe(592);
  });

  test("is taken back where it was counted, and only there", async () => {
    const [address, busy] = [newAddress(), randomUUID()];
    await attempts(300, "registration", () => ({ address: newAddress(), account: busy }));
    await attempts(1_500, "registration", () => ({ address, account: randomUUID() }));
    // Each is counted for the network, the first that Redis hears of, and then refused for the account.
    const { allowed } = await attempts(20, "registration", () => {
      forget("refusals");
      return { address, account: busy };
    });
    expect(allowed).toBe(0);
    const network = (await limitKeys()).find((key) => key.endsWith(`network:${address}`)) ?? "";
    expect(await redis().get(network)).toBe("1500");
  });
});

test("a process remembers a bounded number of keys, whatever 60,000 requests ask for", async () => {
  const most = countsHere().max;
  expect(most).toBeLessThanOrEqual(20_000);
  for (let index = 0; index < 60_000; index++) {
    await limit("registration", { address: undefined, account: String(index) });
  }
  expect(countsHere().size).toBe(most);
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

test("who has given back a hundred times in a day keeps what they have, by form and API", async () => {
  const { token, user } = await newCaller();
  const competitionId = await openCompetition();
  const path = `/api/competitions/${competitionId}/register`;
  const ask = (method: string) => call(urlOf("the Express entry"), { method, path, token });
  await limit("giving_back", { address: undefined, account: user.id }, 99);
  // There is nothing to give back, so it is not counted.
  expect((await ask("DELETE")).status).toBe(404);
  expect((await ask("POST")).status).toBe(201);
  expect((await ask("DELETE")).status).toBe(204);
  expect((await ask("POST")).status).toBe(201);
  const refused = await ask("DELETE");
  expect([refused.status, refused.body.code]).toEqual([429, "rate_limited"]);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(80_000);
  expect(await cancelWithForm({ user, competitionId })).toMatchObject({
    data: { errors: { "": "That was a little too often. Try again in 24 hours." } },
    init: { status: 429 },
  });
  expect((await ask("POST")).body.code).toBe("already_registered");
});
