import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, describe, expect, test, vi } from "vitest";
import { findTokenUser, type Role, Session } from "~/domain/accounts/index.server";
import { type Env, env } from "~/platform/env";
import { database } from "~/platform/orm";
import { forget } from "~/platform/singleton";
import { findDevice } from "~/web/devices";
import { type Entrance, logInWithForm, signUpWithForm } from "~/web/entrance";
import { closeResources } from "~/web/resources";
import {
  findUser,
  flash,
  isForSomebody,
  logOut,
  requireActor,
  requireUser,
  takeFlash,
} from "~/web/sessions";

afterAll(closeResources);

const SITE = "http://site.example";
const context = { clientAddress: "203.0.113.7" };

function post(fields: Record<string, string>, cookie?: string): Request {
  return new Request(`${SITE}/login`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: cookie ? { cookie } : {},
  });
}

function get(path: string, cookie?: string): Request {
  return new Request(SITE + path, { headers: cookie ? { cookie } : {} });
}

/** What a browser sends back for a `Set-Cookie`. */
const sentBack = (setCookie: string) => setCookie.split(";")[0] ?? "";

function entered(entrance: Entrance) {
  if (entrance.status !== "signed_in") throw new Error(entrance.status);
  const [setCookie = "", setDevice = ""] = entrance.cookies;
  return { user: entrance.user, setCookie, cookie: sentBack(setCookie), setDevice };
}

async function newUser(role: Role = "PARTICIPANT") {
  const email = `${randomUUID()}@example.com`;
  const form = { name: "Somebody", email, password: "password123", role };
  return { email, ...entered(await signUpWithForm(post(form), context)) };
}

async function thrownBy(work: Promise<unknown>): Promise<Response> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw new Error("no Response was thrown");
  return thrown;
}

describe("a form", () => {
  test("signs up and in at once, with a cookie that scripts and other sites never get", async () => {
    const { user, setCookie, cookie } = await newUser("ORGANIZER");
    expect(user.role).toBe("ORGANIZER");
    expect(setCookie).toMatch(/; HttpOnly/);
    expect(setCookie).toMatch(/; SameSite=Lax/);
    expect(setCookie).toMatch(/; Path=\//);
    expect(await findUser(get("/", cookie))).toMatchObject(user);
  });

  test("logs in, and starts another session each time", async () => {
    const { email, user, cookie } = await newUser();
    const again = entered(
      await logInWithForm(post({ email, password: "password123", redirectTo: "/x" }), context),
    );
    expect(again.cookie).not.toBe(cookie);
    expect(await findUser(get("/", again.cookie))).toMatchObject(user);
  });

  test("that logs in ends the session the browser had before", async () => {
    const [first, second] = [await newUser(), await newUser()];
    const form = { email: second.email, password: "password123" };
    entered(await logInWithForm(post(form, first.cookie), context));
    expect(await findUser(get("/", first.cookie))).toBeNull();
  });

  test("says what is wrong, and hands back what was typed", async () => {
    const { email } = await newUser();
    const wrong = await logInWithForm(post({ email, password: "password124" }), context);
    expect(wrong.status).toBe("refused");
    expect(wrong.form.get("email")).toBe(email);

    const unknown = await logInWithForm(post({ email: "x@y.zz", password: "p" }), context);
    expect(unknown.status).toBe("refused");

    const invalid = await logInWithForm(post({ email: "nobody" }), context);
    expect(invalid).toMatchObject({
      status: "invalid",
      fields: [{ field: "email" }, { field: "password" }],
    });

    const account = { name: "A", email, password: "password123", role: "PARTICIPANT" };
    expect((await signUpWithForm(post(account), context)).status).toBe("email_taken");
    const admin = await signUpWithForm(post({ ...account, role: "ADMIN" }), context);
    expect(admin).toMatchObject({ status: "invalid", fields: [{ field: "role" }] });
  });

  test("that names two people is the first one's", async () => {
    const { email, user } = await newUser();
    const body = new URLSearchParams({ email, password: "password123" });
    body.append("email", "nobody@example.com");
    const request = new Request(`${SITE}/login`, { method: "POST", body });
    expect(entered(await logInWithForm(request, context)).user).toEqual(user);
  });

  test("that is malformed is refused with 400", async () => {
    const request = new Request(`${SITE}/login`, {
      method: "POST",
      body: "--x\r\nnonsense",
      headers: { "content-type": "multipart/form-data; boundary=y" },
    });
    expect((await thrownBy(logInWithForm(request, context))).status).toBe(400);
  });

  test("that fails too often has to wait", async () => {
    env().RATE_LIMITS = "on";
    const { email } = await newUser();
    const outcomes = [];
    for (let index = 0; index < 9; index++) {
      const entrance = await logInWithForm(post({ email, password: "wrong" }), context);
      outcomes.push(entrance.status);
    }
    expect(outcomes).toEqual([...Array(8).fill("refused"), "rate_limited"]);
    const right = await logInWithForm(post({ email, password: "password123" }), context);
    expect(right).toMatchObject({ status: "rate_limited", retryAfterSeconds: expect.any(Number) });
    env().RATE_LIMITS = "off";
  });
});

describe("a session cookie", () => {
  test("is worth nothing after logging out, even as a copy", async () => {
    const { cookie } = await newUser();
    const cleared = await logOut(get("/logout", cookie));
    expect(cleared).toMatch(/Expires=Thu, 01 Jan 1970/);
    expect(await findUser(get("/", cookie))).toBeNull();
  });

  test("is worth nothing once its session is deleted", async () => {
    const { user, cookie } = await newUser();
    await database().nativeDelete(Session, { user: user.id });
    expect(await findUser(get("/", cookie))).toBeNull();
  });

  test("cannot be made up: a session's id is worth nothing without our signature", async () => {
    const { user, cookie } = await newUser();
    const [session] = await database().find(Session, { user: user.id });
    const [name = "", value = ""] = cookie.split(/=(.*)/s);
    const [payload = "", signature = ""] = decodeURIComponent(value).split(".");
    const other = Buffer.from(JSON.stringify({ sessionId: session?.id })).toString("base64");
    for (const forged of [
      other,
      `${other}.`,
      `${payload}.${signature.slice(0, -1)}`,
      `${payload}x.${signature}`,
      session?.id ?? "",
      "%",
      "",
    ]) {
      expect(await findUser(get("/", `${name}=${forged}`)), forged).toBeNull();
    }
    expect(await findTokenUser(value)).toBeNull();
  });

  test("goes over HTTPS only, under a name that nobody else can set, where the site has HTTPS", async () => {
    const fresh = () => {
      for (const name of ["session-storage", "flash-cookie", "device-cookie"]) forget(name);
    };
    fresh();
    env().PUBLIC_URL = "https://site.example";
    const { setCookie, setDevice } = await newUser();
    expect(setCookie).toMatch(/^__Host-session=.*; Secure/);
    expect(isForSomebody(sentBack(setCookie))).toBe(true);
    expect(setDevice).toMatch(/^__Host-device=.*; Secure/);
    env().PUBLIC_URL = undefined;
    fresh();
  });

  test("is signed with the present secret, and accepted of the previous one", async () => {
    const use = (secrets: Partial<Env>) => {
      Object.assign(env(), secrets);
      for (const name of ["session-storage", "flash-cookie", "device-cookie"]) forget(name);
    };
    const { SESSION_SECRET } = env();
    const { cookie: ofBefore, user, setDevice } = await newUser();
    const device = () => findDevice(get("/", sentBack(setDevice)), user.email);
    use({ SESSION_SECRET: "another-secret-for-the-tests-only-0123456789" });
    expect(await findUser(get("/", ofBefore))).toBeNull();
    expect(await device()).toBeUndefined();
    use({ SESSION_SECRET_PREVIOUS: SESSION_SECRET });
    expect(await findUser(get("/", ofBefore))).toMatchObject(user);
    expect(await device()).toBeDefined();
    const { cookie, user: other } = await newUser();
    use({ SESSION_SECRET_PREVIOUS: undefined });
    expect(await findUser(get("/", cookie))).toMatchObject(other);
    use({ SESSION_SECRET });
  });

  test("is looked up once for all loaders of a page", async () => {
    const { cookie, user } = await newUser();
    const queries = vi.spyOn(Client.prototype, "query");
    const found = await Promise.all(
      [get("/", cookie), get("/", cookie)].map((request) => findUser(request)),
    );
    expect(found).toMatchObject([user, user]);
    expect(queries).toHaveBeenCalledOnce();
    queries.mockRestore();
  });
});

describe("a page for", () => {
  test("signed-in people sends others to the login page, and back", async () => {
    const response = await thrownBy(requireUser(get("/competitions/new?from=a%20b")));
    expect(response.status).toBe(303);
    expect(response.headers.get("Location")).toBe(
      "/login?redirectTo=%2Fcompetitions%2Fnew%3Ffrom%3Da%2520b",
    );
    const long = await thrownBy(requireUser(get(`/mailbox?q=${"%20".repeat(3_000)}`)));
    expect(long.headers.get("Location")).toBe("/login?redirectTo=%2Fmailbox");
  });

  test("for one role refuses the other with 403", async () => {
    const { user, cookie } = await newUser("PARTICIPANT");
    expect(await requireActor(get("/", cookie), "register")).toMatchObject(user);
    const response = await thrownBy(requireActor(get("/", cookie), "create competition"));
    expect(response.status).toBe(403);
    expect((await thrownBy(requireActor(get("/"), "create competition"))).status).toBe(303);
  });
});

test("a message shows on the next page, once, and nobody else can write one", async () => {
  const cookie = sentBack(await flash("Saved — “done”"));
  const taken = await takeFlash(get("/", cookie));
  expect(taken?.message).toBe("Saved — “done”");
  expect(taken?.cookie).toMatch(/Max-Age=0/);
  expect(await takeFlash(get("/", sentBack(taken?.cookie ?? "")))).toBeNull();
  expect(await takeFlash(get("/"))).toBeNull();
  const forged = Buffer.from(JSON.stringify("Log in at evil.example")).toString("base64");
  expect(await takeFlash(get("/", `flash=${forged}`))).toBeNull();
});
