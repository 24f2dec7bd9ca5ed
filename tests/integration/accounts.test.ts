import { randomUUID } from "node:crypto";
import { compare, hash } from "bcryptjs";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  closePasswordThreads,
  endSession,
  findSessionUser,
  logIn,
  Session,
  setRole,
  signUp,
  startSession,
  sweepSessions,
  User,
} from "~/domain/accounts/index.server";
import { DomainError } from "~/domain/error";
import { closeDatabase, database } from "~/platform/orm";
import { newUser } from "../support/accounts";

afterAll(async () => {
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
    const hashing = await import("~/domain/accounts/passwords");
    const run = vi.spyOn(hashing.passwordThreads(), "run");
    const wrong = await logIn({ email: user.email, password: "password124" });
    const unknown = await logIn({ email: "nobody@example.com", password: "password124" });
    expect([wrong, unknown]).toEqual([
      { status: "refused", userId: user.id },
      { status: "refused" },
    ]);

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

  test("works however a keyboard composes the accents, also with a hash of what was typed", async () => {
    const [composed, decomposed] = ["pässwörd ½".normalize("NFC"), "pässwörd ½".normalize("NFD")];
    const user = await newUser({ password: decomposed });
    for (const password of [composed, decomposed, "pässwörd 1⁄2"]) {
      expect((await logIn({ email: user.email, password })).status, password).toBe("ok");
    }
    const before = await newUser();
    const passwordHash = await hash(composed, 4);
    await database().nativeUpdate(User, { id: before.id }, { passwordHash });
    expect((await logIn({ email: before.email, password: composed })).status).toBe("ok");
    expect((await logIn({ email: before.email, password: "another ½" })).status).toBe("refused");
  });

  test("takes the same work without an account where a password has two spellings", async () => {
    const user = await newUser();
    const { passwordThreads } = await import("~/domain/accounts/passwords");
    const run = vi.spyOn(passwordThreads(), "run").mockResolvedValue(false);
    await logIn({ email: user.email, password: "wrong ½" });
    await logIn({ email: "nobody@example.com", password: "wrong ½" });
    const tried = run.mock.calls.map(([task]) => task.password);
    expect(tried).toEqual(["wrong 1⁄2", "wrong ½", "wrong 1⁄2", "wrong ½"]);
    run.mockRestore();
  });

  test("is not begun for somebody who is gone", async () => {
    const turn = { line: "", signal: AbortSignal.abort() };
    await expect(logIn({ email: "a@example.com", password: "password123", turn })).rejects.toThrow(
      DomainError,
    );
  });
});

describe("a session", () => {
  test("says who signed in until it is ended", async () => {
    const user = await newUser();
    const { sessionId } = await startSession({ userId: user.id });
    expect(await findSessionUser(sessionId)).toMatchObject(user);
    await endSession(sessionId);
    expect(await findSessionUser(sessionId)).toBeNull();
    await endSession(sessionId);
  });

  test("has an id that is random in every digit", async () => {
    const user = await newUser();
    const started = Array.from({ length: 20 }, () => startSession({ userId: user.id }));
    const ids = (await Promise.all(started)).map(({ sessionId }) => sessionId.replaceAll("-", ""));
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    const isFixed = (place: number) => new Set(ids.map((id) => id[place])).size === 1;
    expect(Array.from({ length: 32 }, (_, place) => place).filter(isFixed)).toEqual([]);
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
    expect(await sweepSessions()).toEqual({ forgotten: 1 });
  });

  test.each(["", "x", "' or 1=1", "\0", "../../etc"])("is not %j", async (sessionId) => {
    expect(await findSessionUser(sessionId)).toBeNull();
    await endSession(sessionId);
  });
});

test("nobody has a role to change", async () => {
  expect(await setRole({ email: "nobody@example.com", role: "ORGANIZER" })).toEqual({
    status: "not_found",
  });
});
