import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { env } from "~/platform/env";
import { spend, spendOnPage } from "~/web/budget";
import { limit } from "~/web/rate-limits";
import { accountOf, findUser, signIn } from "~/web/sessions";
import { call, newCaller } from "../support/api-client";
import { startApiServers } from "../support/api-servers";
import { createPerson } from "../support/fixtures";

const urlOf = startApiServers();

beforeEach(() => {
  env().RATE_LIMITS = "on";
});
afterEach(() => {
  env().RATE_LIMITS = "off";
});

let last = 0;
const newAddress = () => `10.2.0.${++last}`;

/** Spends all that an account has for this minute. */
async function exhaust(account: string): Promise<void> {
  for (let n = 0; n < 100; n++) await spend("heavy", { address: newAddress(), account });
}

describe("a budget", () => {
  test("of an account ends, and its network's does not with it", async () => {
    const [address, account] = [newAddress(), randomUUID()];
    const outcomes = [];
    for (let n = 0; n < 110; n++) outcomes.push(await spend("heavy", { address, account }));
    expect(outcomes.filter(({ status }) => status === "allowed")).toHaveLength(100);
    const refused = await spend("glance", { address, account });
    expect(refused).toEqual({ status: "rate_limited", retryAfterSeconds: expect.any(Number) });
    expect(await spend("free", { address, account })).toEqual({ status: "allowed" });
    // What was refused was not paid: exactly so much is left.
    const rest = { address, account: undefined };
    expect(await limit("work", rest, 200_000 - 5_000)).toEqual({ status: "allowed" });
    expect(await limit("work", rest, 1)).toMatchObject({ status: "rate_limited" });
  });

  test("is enough for a thousand people behind one address", async () => {
    const address = newAddress();
    for (let n = 0; n < 1_000; n++) {
      const account = `person ${n} at ${address}`;
      // They log in, look around a little, press Register, and keep the page open for its seats.
      const points = 20 + 2 * 20 + 4 * 4 + 12 * 1;
      expect((await limit("work", { address, account }, points)).status).toBe("allowed");
      expect((await spend("registration", { address, account })).status).toBe("allowed");
    }
  });

  test("is lifted by RATE_LIMITS=off", async () => {
    env().RATE_LIMITS = "off";
    const caller = { address: newAddress(), account: randomUUID() };
    for (let n = 0; n < 110; n++) expect((await spend("heavy", caller)).status).toBe("allowed");
  });
});

test("a call that its account cannot pay for is refused before anything else", async () => {
  const { token, user } = await newCaller();
  await exhaust(user.id);
  const path = "/api/competitions?limit=nonsense";
  const refused = await call(urlOf("the Express entry"), { path, token });
  expect(refused.status).toBe(429);
  expect(refused.body.code).toBe("rate_limited");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  const other = await newCaller();
  expect((await call(urlOf("the Express entry"), { path, token: other.token })).status).toBe(400);
});

test("a page is paid for by the account of the session cookie", async () => {
  const { id } = await createPerson();
  const newSession = async () => {
    const cookies = (await signIn(new Request("http://site/"), id)).split(";")[0] ?? "";
    // Whose a session is shows when its first page is made.
    const session = await accountOf(cookies);
    await findUser(new Request("http://site/", { headers: { cookie: cookies } }));
    return { cookies, session };
  };
  const [one, other] = [await newSession(), await newSession()];
  expect(one.session).not.toBe(other.session);
  expect([await accountOf(one.cookies), await accountOf(other.cookies)]).toEqual([id, id]);
  await exhaust(id);
  const spent = await spendOnPage("list", { address: newAddress(), cookies: other.cookies });
  expect(spent.status).toBe("rate_limited");
  const forged = other.cookies.replace(/.{3}$/, "AAA");
  expect(await accountOf(forged)).toBeUndefined();
  expect(await accountOf("theme=dark")).toBeUndefined();
});
