import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { passwordThreads } from "~/domain/accounts/passwords";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { metrics } from "~/platform/metrics";
import { keyPrefix, redis } from "~/platform/redis";
import { forget } from "~/platform/singleton";
import * as logInRoute from "~/routes/login/route";
import { type Entrance, logInWithForm, signUpWithForm } from "~/web/entrance";
import { closeResources } from "~/web/resources";
import { logInWithinLimits, signUpWithinLimits } from "~/web/sign-in";
import { delayAfter } from "~/web/strangers";
import { expressEntry, listen } from "../support/api-servers";
import { eventually } from "../support/eventually";

const RIGHT = "the right password";

/** The passwords that were looked at, in order. */
let lookedAt: string[] = [];

beforeEach(() => {
  env().RATE_LIMITS = "on";
  forget("counts");
  forget("refusals");
  lookedAt = [];
  // Hashing is somebody else's test, and takes 70 ms.
  vi.spyOn(passwordThreads(), "run").mockImplementation(async (task) => {
    lookedAt.push(task.password);
    return task.passwordHash ? task.password === RIGHT : "a hash";
  });
});
afterEach(() => {
  env().RATE_LIMITS = "off";
  vi.restoreAllMocks();
});
afterAll(closeResources);

/** A network that no other test uses. */
let last = 0;
const newNetwork = () => `10.2.${Math.floor(++last / 250)}.${(last % 250) + 1}`;
const newEmail = () => `${randomUUID()}@example.com`;

const somebody = (email = newEmail()) => ({
  name: "Somebody",
  email,
  password: RIGHT,
  role: "PARTICIPANT" as const,
});

async function newAccount(): Promise<string> {
  const account = somebody();
  const visitor = { address: newNetwork(), signal: undefined };
  expect(await signUpWithinLimits({ ...account, visitor })).toMatchObject({ status: "created" });
  return account.email;
}

async function logIn(
  email: string,
  password: string,
  {
    address = newNetwork(),
    signal,
    device,
  }: { address?: string; signal?: AbortSignal; device?: string } = {},
) {
  return (await logInWithinLimits({ email, password, device, visitor: { address, signal } }))
    .status;
}

async function times(count: number, attempt: () => Promise<string>): Promise<string[]> {
  const outcomes = [];
  for (let index = 0; index < count; index++) outcomes.push(await attempt());
  return outcomes;
}

/** Lets hashing stand still. @returns lets it go on */
function holdHashing(): () => void {
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  vi.mocked(passwordThreads().run).mockImplementation(async (task) => {
    lookedAt.push(task.password);
    await held;
    return task.password === RIGHT;
  });
  return goOn;
}

async function waiting(): Promise<number> {
  const metric = await metrics().getSingleMetric("mini_compete_passwords_waiting")?.get();
  return metric?.values[0]?.value ?? Number.NaN;
}

const limitKeys = () => redis().keys(`${keyPrefix()}:limit:login:*`);

describe("the owner of an account gets in", () => {
  test("from elsewhere, while somebody tries 52 wrong passwords from one network", async () => {
    const [email, attacker] = [await newAccount(), newNetwork()];
    const outcomes = await times(52, () => logIn(email, "wrong", { address: attacker }));
    expect(outcomes.filter((status) => status === "refused")).toHaveLength(8);
    expect(outcomes.filter((status) => status === "rate_limited")).toHaveLength(44);
    expect(await logIn(email, RIGHT)).toBe("ok");
  });

  test("after a moment that grows with strangers' failures, however many networks they have", async () => {
    const email = await newAccount();
    expect(await times(12, () => logIn(email, "wrong"))).toEqual(Array(12).fill("refused"));
    const startedAt = performance.now();
    expect(await logIn(email, RIGHT)).toBe("ok");
    expect(performance.now() - startedAt).toBeGreaterThan(delayAfter(12) - 20);
    expect(delayAfter(10)).toBe(0);
    expect(delayAfter(1_000_000)).toBe(3_000);
  });

  test("at once on a device that is known there, whatever strangers do", async () => {
    const address = newNetwork();
    const email = await newAccount();
    await times(9, () => logIn(email, "wrong", { address }));
    await Promise.all(Array.from({ length: 60 }, () => logIn(email, "wrong")));
    expect(await logIn(email, RIGHT, { address })).toBe("rate_limited");
    const known = { address, device: "known" };
    const left = new AbortController();
    const stranger = logIn(email, RIGHT, { signal: left.signal });
    expect(await Promise.race([stranger, logIn(email, RIGHT, known).then(() => "known")])).toBe(
      "known",
    );
    left.abort();
    expect(await stranger).toBe("unavailable");
    expect(await times(9, () => logIn(email, "wrong", known))).toEqual([
      ...Array(8).fill("refused"),
      "rate_limited",
    ]);
  });

  test("after attempts that nobody looked at: they do not count and leave no key", async () => {
    const [email, address] = [await newAccount(), newNetwork()];
    const keys = (await limitKeys()).sort();
    const gone = { address, signal: AbortSignal.abort() };
    expect(new Set(await times(20, () => logIn(email, "wrong", gone)))).toEqual(
      new Set(["unavailable"]),
    );
    expect((await limitKeys()).sort()).toEqual(keys);
    expect(lookedAt).not.toContain("wrong");
    expect(await logIn(email, RIGHT, { address })).toBe("ok");
  });

  test("before a crowd of wrong passwords from another network has been looked at", async () => {
    const [email, crowd] = [await newAccount(), newNetwork()];
    // The crowd is to be patient.
    env().RATE_LIMITS = "off";
    const goOn = holdHashing();
    const running = lookedAt.length;
    const wrong = Array.from({ length: 200 }, () => logIn(newEmail(), "wrong", { address: crowd }));
    await eventually(async () => expect(await waiting()).toBeGreaterThan(150));
    const right = logIn(email, RIGHT);
    const atOnce = lookedAt.length - running;
    await eventually(async () => expect(await waiting()).toBe(201 - atOnce));
    goOn();
    expect(await right).toBe("ok");
    await Promise.all(wrong);
    // Those that were running, and one turn of the crowd.
    expect(lookedAt.slice(running).indexOf(RIGHT)).toBeLessThanOrEqual(atOnce + 1);
  });
});

test("a login waits two seconds for its turn, a sign-up thirty", async () => {
  const goOn = holdHashing();
  env().RATE_LIMITS = "off";
  const others = Array.from({ length: 16 }, () => logIn(newEmail(), "wrong"));
  await eventually(async () => expect(lookedAt.length + (await waiting())).toBe(16));
  env().RATE_LIMITS = "on";
  const timers = vi.spyOn(globalThis, "setTimeout");
  const patience = () => timers.mock.calls.map(([, ms]) => ms);
  const visitor = { address: newNetwork(), signal: undefined };
  const both = [logIn(newEmail(), "wrong"), signUpWithinLimits({ ...somebody(), visitor })];
  await eventually(() => expect(patience()).toEqual(expect.arrayContaining([2_000, 30_000])));
  goOn();
  await Promise.all([...others, ...both]);
});

test("eleven sign-ups with one address keep nobody from signing up with it", async () => {
  const email = newEmail();
  const attempt = async () => {
    const visitor = { address: newNetwork(), signal: AbortSignal.abort() };
    return (await signUpWithinLimits({ ...somebody(email), visitor })).status;
  };
  expect(new Set(await times(11, attempt))).toEqual(new Set(["unavailable"]));
  const visitor = { address: newNetwork(), signal: undefined };
  expect((await signUpWithinLimits({ ...somebody(email), visitor })).status).toBe("created");
  const again = await times(11, async () => {
    return (await signUpWithinLimits({ ...somebody(email), visitor })).status;
  });
  expect(again).toEqual(Array(11).fill("email_taken"));
});

describe("a browser", () => {
  const context = () => ({ clientAddress: newNetwork() });
  const post = (fields: Record<string, string>, cookie = "") =>
    new Request("http://site.example/login", {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { cookie },
    });
  /** The cookie that the browser keeps to be known by. */
  const deviceOf = (entrance: Entrance) => {
    if (entrance.status !== "signed_in") throw new Error(entrance.status);
    return entrance.cookies.find((cookie) => cookie.startsWith("device=")) ?? "";
  };
  const sentBack = (setCookie: string) => setCookie.split(";")[0];

  test("that logged in before is known at that account, and at no other", async () => {
    const [mine, other] = [newEmail(), await newAccount()];
    const here = context();
    const setCookie = deviceOf(await signUpWithForm(post(somebody(mine)), here));
    const wrong = (email: string) => logInWithForm(post({ email, password: "wrong" }), here);
    for (const email of [mine, other]) await times(8, async () => (await wrong(email)).status);
    const enter = async (email: string, cookie?: string) =>
      (await logInWithForm(post({ email, password: RIGHT }, cookie), here)).status;

    expect(await enter(mine)).toBe("rate_limited");
    expect(await enter(mine, sentBack(setCookie))).toBe("signed_in");
    expect(await enter(other, sentBack(setCookie))).toBe("rate_limited");
    for (const forged of ["device=", "device=e30=", `${sentBack(setCookie)}x`]) {
      expect(await enter(mine, forged), forged).toBe("rate_limited");
    }
  });

  test("keeps the cookie for long, hidden from scripts and other sites, and it names nobody", async () => {
    const email = newEmail();
    const setCookie = deviceOf(await signUpWithForm(post(somebody(email)), context()));
    expect(setCookie).toMatch(/; Max-Age=34560000/);
    expect(setCookie).toMatch(/; HttpOnly/);
    expect(setCookie).toMatch(/; SameSite=Lax/);
    const [value = ""] = decodeURIComponent(setCookie.slice("device=".length)).split(".");
    const text = Buffer.from(value, "base64").toString();
    expect(Object.keys(JSON.parse(text))).toEqual(["id", "accounts"]);
    expect(text).not.toContain(email);
  });

  test("is known at the last five accounts, under one name", async () => {
    const emails = [];
    let cookie = "";
    for (let index = 0; index < 6; index++) {
      emails.push(newEmail());
      const form = post(somebody(emails[index]), cookie);
      cookie = sentBack(deviceOf(await signUpWithForm(form, context()))) ?? "";
    }
    const here = context();
    const enter = async (email: string, password: string, from = "") =>
      (await logInWithForm(post({ email, password }, from), here)).status;
    const outcomes = [];
    for (const email of emails) {
      await times(8, () => enter(email, "wrong"));
      outcomes.push(await enter(email, RIGHT, cookie));
    }
    expect(outcomes).toEqual(["rate_limited", ...Array(5).fill("signed_in")]);
  });
});

describe("a password is not looked at any more when the client is gone", () => {
  const ROUTE = "routes/login";
  const page = { [ROUTE]: { id: ROUTE, path: "login", module: logInRoute } };

  test.each([
    ["the API", "/api/auth/login", "application/json"],
    ["the page", "/login", "application/x-www-form-urlencoded"],
    ["the page with its script", "/login.data", "application/x-www-form-urlencoded"],
  ])("by %s", async (_name, path, type) => {
    const { url, stop } = await listen(expressEntry(page));
    // The others are to be patient.
    env().RATE_LIMITS = "off";
    const goOn = holdHashing();
    const others = Array.from({ length: 16 }, () => logIn(newEmail(), "wrong"));
    await eventually(async () => expect(lookedAt.length + (await waiting())).toBe(16));
    const before = await waiting();

    const fields = { email: newEmail(), password: "of somebody gone" };
    const req = request(`${url}${path}`, { method: "POST", headers: { "content-type": type } });
    req.on("error", () => {});
    req.end(
      type === "application/json" ? JSON.stringify(fields) : String(new URLSearchParams(fields)),
    );
    await eventually(async () => expect(await waiting()).toBe(before + 1));
    collectGarbage();
    req.destroy();
    await eventually(async () => expect(await waiting()).toBe(before));

    goOn();
    await Promise.all(others);
    expect(lookedAt).not.toContain("of somebody gone");
    stop();
  });
});

/** A signal that only somebody forgotten passes on ends here. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let index = 0; index < 3; index++) collect();
}

test("each login is a line with the account's id, and never with its address", async () => {
  const info = vi.spyOn(log, "info");
  const warn = vi.spyOn(log, "warn");
  const email = await newAccount();
  const visitor = {
    address: newNetwork(),
    signal: undefined,
    origin: { requestId: "a-request" },
  };
  const right = await logInWithinLimits({ email, password: RIGHT, visitor });
  await logInWithinLimits({ email, password: "wrong", visitor });
  await logInWithinLimits({ email: newEmail(), password: "wrong", visitor });
  const userId = right.status === "ok" ? right.user.id : "";
  const of = { requestId: "a-request" };
  expect(info.mock.calls).toEqual([[{ ...of, userId }, "logged in"]]);
  expect(warn.mock.calls).toEqual([
    [{ ...of, userId, reason: "password" }, "log-in refused"],
    [{ ...of, userId: undefined, reason: "password" }, "log-in refused"],
  ]);
});
