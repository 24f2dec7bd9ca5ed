import { createHmac, randomUUID } from "node:crypto";
import { compare } from "bcryptjs";
import { SignJWT } from "jose";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  closePasswordThreads,
  endAllSessions,
  endSession,
  findSessionUser,
  findTokenUser,
  issueAccessToken,
  logIn,
  type Role,
  Session,
  setRole,
  signUp,
  startSession,
  sweepSessions,
  USER_CACHE_SECONDS,
  User,
  type UserView,
} from "~/domain/accounts/index.server";
import { closeDatabase, database } from "~/platform/orm.server";

afterAll(async () => {
  vi.useRealTimers();
  await closePasswordThreads();
  await closeDatabase();
});

describe("signing up", () => {
  test("keeps a bcrypt hash, never the password", async () => {
    const user = await newUser({ password: "correct horse" });
    const row = await database().findOneOrFail(User, { id: user.id });
    expect(row.passwordHash).toMatch(/^\$2[ab]\$10\$/);
    expect(await compare("correct horse", row.passwordHash)).toBe(true);
    expect(JSON.stringify(user)).not.toContain("assword");
  });

  test("of ten with one address at once, one gets the account", async () => {
    const email = `${randomUUID()}@example.com`;
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        signUp({ name: "Ten", email, password: "password123", role: "PARTICIPANT" }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "created")).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === "email_taken")).toHaveLength(9);
  });
});

describe("logging in", () => {
  test("takes the right password", async () => {
    const user = await newUser({ password: "password123" });
    expect(await logIn({ email: user.email, password: "password123" })).toEqual({
      status: "ok",
      user,
    });
  });

  test("answers an unknown address like a wrong password, after the same work", async () => {
    const user = await newUser({ password: "password123" });
    const hashing = await import("~/domain/accounts/passwords.server");
    const run = vi.spyOn(hashing.passwordThreads(), "run");
    const wrong = await logIn({ email: user.email, password: "password124" });
    const unknown = await logIn({ email: "nobody@example.com", password: "password124" });
    expect([wrong, unknown]).toEqual([{ status: "refused" }, { status: "refused" }]);

    const [first, second] = run.mock.calls.map(([task, options]) => ({ task, options }));
    expect(run).toHaveBeenCalledTimes(2);
    expect(second?.options).toEqual(first?.options);
    const costs = [first, second].map((call) => String(call?.task.passwordHash).slice(0, 7));
    expect(costs).toEqual(["$2b$10$", "$2b$10$"]);
    run.mockRestore();
  });

  test("refuses a password that only agrees in the 72 bytes bcrypt reads", async () => {
    const password = "x".repeat(72);
    const user = await newUser({ password });
    expect((await logIn({ email: user.email, password })).status).toBe("ok");
    expect((await logIn({ email: user.email, password: `${password}y` })).status).toBe("refused");
  });

  test("is busy rather than endless when too many wait", async () => {
    const { passwordThreads } = await import("~/domain/accounts/passwords.server");
    const limit = vi.spyOn(passwordThreads(), "run");
    limit.mockRejectedValue(new Error("Task queue is at limit"));
    expect(await logIn({ email: "a@example.com", password: "password123" })).toEqual({
      status: "busy",
    });
    limit.mockRestore();
  });
});

describe("a session", () => {
  test("says who signed in until it is ended", async () => {
    const user = await newUser();
    const { sessionId } = await startSession({ userId: user.id });
    expect(await findSessionUser(sessionId)).toEqual(user);
    await endSession(sessionId);
    expect(await findSessionUser(sessionId)).toBeNull();
    await endSession(sessionId);
  });

  test("ends everywhere at once when it is the user's wish", async () => {
    const user = await newUser();
    const other = await startSession({ userId: (await newUser()).id });
    const own = await Promise.all([1, 2, 3].map(() => startSession({ userId: user.id })));
    await endAllSessions({ userId: user.id });
    const found = await Promise.all(own.map(({ sessionId }) => findSessionUser(sessionId)));
    expect(found).toEqual([null, null, null]);
    expect(await findSessionUser(other.sessionId)).not.toBeNull();
  });

  test("runs out, and is then swept", async () => {
    const user = await newUser();
    const { sessionId } = await startSession({ userId: user.id });
    await database().nativeUpdate(
      Session,
      { id: sessionId },
      { expiresAt: new Date(Date.now() - 1) },
    );
    expect(await findSessionUser(sessionId)).toBeNull();
    expect(await sweepSessions()).toBe(1);
  });

  test.each(["", "x", "' or 1=1", "\0", "../../etc"])("is not %j", async (sessionId) => {
    expect(await findSessionUser(sessionId)).toBeNull();
    await endSession(sessionId);
  });
});

describe("an access token", () => {
  test("says who it was given to", async () => {
    const user = await newUser();
    const { accessToken, expiresInSeconds } = await issueAccessToken(user);
    expect(await findTokenUser(accessToken)).toEqual(user);
    expect(expiresInSeconds).toBe(8 * 3600);
  });

  test("runs out after eight hours, however well it is remembered", async () => {
    const user = await newUser();
    const { accessToken } = await issueAccessToken(user);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + (8 * 3600 - 5) * 1000);
    expect(await findTokenUser(accessToken)).toEqual(user);
    vi.setSystemTime(Date.now() + 6_000);
    expect(await findTokenUser(accessToken)).toBeNull();
    vi.useRealTimers();
  });

  test("follows a change of role within half a minute", async () => {
    const user = await newUser({ role: "PARTICIPANT" });
    const { accessToken } = await issueAccessToken(user);
    expect((await findTokenUser(accessToken))?.role).toBe("PARTICIPANT");
    expect(await setRole({ email: user.email, role: "ORGANIZER" })).toMatchObject({
      status: "changed",
      user: { role: "ORGANIZER" },
    });
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + USER_CACHE_SECONDS * 1000 + 1);
    expect((await findTokenUser(accessToken))?.role).toBe("ORGANIZER");
    vi.useRealTimers();
  });

  test("of a user who is gone is nobody's", async () => {
    const { accessToken } = await issueAccessToken({ id: randomUUID() });
    expect(await findTokenUser(accessToken)).toBeNull();
  });

  test("is refused when anything about it is forged", async () => {
    const user = await newUser();
    const { accessToken } = await issueAccessToken(user);
    const [header = "", payload = "", signature = ""] = accessToken.split(".");
    const otherUser = encode({ ...decode(payload), sub: randomUUID() });
    const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    const forgeries = [
      "",
      "a.b.c",
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${flipped}`,
      `${header}.${otherUser}.${signature}`,
      `${encode({ alg: "none" })}.${payload}.`,
      `${encode({ alg: "none" })}.${payload}.${signature}`,
      sign({ alg: "HS512" }, payload, "sha512"),
      await signed(user.id, { secret: "another-secret-of-32-characters!" }),
      await signed(user.id, { issuer: "another" }),
      await signed(user.id, { audience: "another" }),
      await signed(user.id, { expiresAt: null }),
      await signed(user.id, { expiresAt: Math.floor(Date.now() / 1000) - 1 }),
      await signed("not-a-uuid"),
    ];
    for (const forgery of forgeries) expect(await findTokenUser(forgery), forgery).toBeNull();
    expect(await findTokenUser(await signed(user.id))).toEqual(user);
  });

  test("of a hundred strangers at once costs a few queries", async () => {
    const users = await manyUsers(100);
    const tokens = await Promise.all(users.map(issueAccessToken));
    const queries: string[] = [];
    const note = ({ sql }: { sql: string }) => queries.push(sql);
    const knex = database().getKnex().on("query", note);
    const found = await Promise.all(tokens.map(({ accessToken }) => findTokenUser(accessToken)));
    knex.off("query", note);
    expect(found).toEqual(users);
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.length).toBeLessThanOrEqual(10);
  });
});

test("nobody has a role to change", async () => {
  expect(await setRole({ email: "nobody@example.com", role: "ORGANIZER" })).toEqual({
    status: "not_found",
  });
});

async function newUser({
  password = "password123",
  role = "PARTICIPANT",
}: {
  password?: string;
  role?: Role;
} = {}): Promise<UserView> {
  const email = `${randomUUID()}@example.com`;
  const outcome = await signUp({ name: "Somebody", email, password, role });
  if (outcome.status !== "created") throw new Error(outcome.status);
  return outcome.user;
}

async function manyUsers(count: number): Promise<UserView[]> {
  const users = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    email: `${randomUUID()}@example.com`,
    name: `User ${index}`,
    role: "PARTICIPANT" as const,
  }));
  await database().insertMany(
    User,
    users.map((user) => ({ ...user, passwordHash: "none" })),
  );
  return users;
}

interface Claims {
  secret?: string;
  issuer?: string;
  audience?: string;
  expiresAt?: number | null;
}

function signed(userId: string, claims: Claims = {}): Promise<string> {
  const { expiresAt = Math.floor(Date.now() / 1000) + 60 } = claims;
  const token = new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(userId)
    .setIssuer(claims.issuer ?? "mini-compete")
    .setAudience(claims.audience ?? "mini-compete-api");
  if (expiresAt !== null) token.setExpirationTime(expiresAt);
  return token.sign(new TextEncoder().encode(claims.secret ?? process.env.JWT_SECRET));
}

function sign(header: object, payload: string, hash: string): string {
  const text = `${encode(header)}.${payload}`;
  const mac = createHmac(hash, String(process.env.JWT_SECRET)).update(text).digest("base64url");
  return `${text}.${mac}`;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (text: string): object => JSON.parse(Buffer.from(text, "base64url").toString());
