import { createHmac, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import jwt from "jsonwebtoken";
import { Client } from "pg";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  closePasswordThreads,
  findTokenUser,
  issueAccessToken,
  setRole,
  User,
  type UserView,
} from "~/domain/accounts/index.server";
import { env } from "~/platform/env";
import { closeDatabase, database } from "~/platform/orm";
import { forget } from "~/platform/singleton";
import { newUser } from "../support/accounts";

afterAll(async () => {
  vi.useRealTimers();
  await closePasswordThreads();
  await closeDatabase();
});

describe("an access token", () => {
  test("says whom it was given to", async () => {
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

  test("follows a change of role, and the end of its user, at once", async () => {
    const user = await newUser({ role: "PARTICIPANT" });
    const { accessToken } = await issueAccessToken(user);
    expect((await findTokenUser(accessToken))?.role).toBe("PARTICIPANT");
    expect(await setRole({ email: user.email, role: "ORGANIZER" })).toMatchObject({
      status: "changed",
      user: { role: "ORGANIZER" },
    });
    expect((await findTokenUser(accessToken))?.role).toBe("ORGANIZER");
    await database().nativeDelete(User, { id: user.id });
    expect(await findTokenUser(accessToken)).toBeNull();
  });

  test("of a user who is gone is nobody's", async () => {
    const { accessToken } = await issueAccessToken({ id: randomUUID() });
    expect(await findTokenUser(accessToken)).toBeNull();
  });

  test("is signed with the present secret, and accepted of the previous one", async () => {
    const user = await newUser();
    const previous = "what-signed-tokens-until-yesterday-4711";
    const ofBefore = await signed(user.id, { secret: previous });
    expect(await findTokenUser(ofBefore)).toBeNull();
    onTestFinished(() => {
      env().JWT_SECRET_PREVIOUS = undefined;
      forget("token-keys");
    });
    env().JWT_SECRET_PREVIOUS = previous;
    forget("token-keys");
    expect(await findTokenUser(ofBefore)).toEqual(user);
    const { accessToken } = await issueAccessToken(user);
    env().JWT_SECRET_PREVIOUS = undefined;
    forget("token-keys");
    expect(await findTokenUser(accessToken)).toEqual(user);
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
      `${accessToken}.`,
      `${header}.${signature}`,
      sign({ alg: "HS256", typ: "JWT" }, encode(null), "sha256"),
      sign({ alg: "HS256", typ: "JWT" }, "no-json", "sha256"),
    ];
    const now = Math.floor(Date.now() / 1000);
    // With the header of our tokens, and with another one, which is looked at in another way.
    for (const typ of ["JWT", undefined]) {
      forgeries.push(
        await signed(user.id, { typ, secret: "another-secret-of-32-characters!" }),
        await signed(user.id, { typ, issuer: "another" }),
        await signed(user.id, { typ, audience: "another" }),
        await signed(user.id, { typ, expiresAt: null }),
        await signed(user.id, { typ, expiresAt: now }),
        await signed(user.id, { typ, notBefore: now + 60 }),
        await signed("not-a-uuid", { typ }),
      );
      expect(await findTokenUser(await signed(user.id, { typ }))).toEqual(user);
    }
    for (const forgery of forgeries) expect(await findTokenUser(forgery), forgery).toBeNull();
  });

  test("of ours is read without the library, which judges all others", async () => {
    const user = await newUser();
    const library = vi.spyOn(jwt, "verify");
    const { accessToken } = await issueAccessToken(user);
    expect(await findTokenUser(accessToken)).toEqual(user);
    expect(library).not.toHaveBeenCalled();
    expect(await findTokenUser(await signed(user.id))).toEqual(user);
    expect(library).toHaveBeenCalledOnce();
    library.mockRestore();
  });

  test("of a hundred strangers at once costs a few queries", async () => {
    const users = await manyUsers(100);
    const tokens = await Promise.all(users.map(issueAccessToken));
    const queries = vi.spyOn(Client.prototype, "query");
    const found = await Promise.all(tokens.map(({ accessToken }) => findTokenUser(accessToken)));
    expect(found).toEqual(users);
    const count = queries.mock.calls.length;
    queries.mockRestore();
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(10);
  });
});

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
  notBefore?: number;
  typ?: string | undefined;
}

function signed(userId: string, claims: Claims = {}): Promise<string> {
  const { expiresAt = Math.floor(Date.now() / 1000) + 60 } = claims;
  const token = new SignJWT()
    .setProtectedHeader({ alg: "HS256", ...(claims.typ && { typ: claims.typ }) })
    .setSubject(userId)
    .setIssuer(claims.issuer ?? "mini-compete")
    .setAudience(claims.audience ?? "mini-compete-api");
  if (expiresAt !== null) token.setExpirationTime(expiresAt);
  if (claims.notBefore) token.setNotBefore(claims.notBefore);
  return token.sign(new TextEncoder().encode(claims.secret ?? process.env.JWT_SECRET));
}

function sign(header: object, payload: string, hash: string): string {
  const text = `${encode(header)}.${payload}`;
  const mac = createHmac(hash, String(process.env.JWT_SECRET)).update(text).digest("base64url");
  return `${text}.${mac}`;
}

const encode = (value: object | null) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (text: string): object => JSON.parse(Buffer.from(text, "base64url").toString());
