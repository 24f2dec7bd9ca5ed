import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserView } from "~/domain/accounts/index.server";
import { cancelRegistration, register } from "~/domain/registration/index.server";
import { atFailpoint } from "~/platform/failpoint";
import { dropKept } from "~/platform/kept";
import { log } from "~/platform/log";
import { closeDatabase } from "~/platform/orm";
import { closeResources } from "~/web/resources";
import { signIn } from "~/web/sessions";
import { type ApiCall, call, newCaller } from "../support/api-client";
import { listen } from "../support/api-servers";
import { eventually } from "../support/eventually";
import { openCompetition } from "../support/fixtures";
import { troubledPostgres } from "../support/troubled-postgres";
import { wholeApp } from "../support/whole-app";

let postgres: Awaited<ReturnType<typeof troubledPostgres>>;
let url: string;
let stop = () => {};

beforeAll(async () => {
  postgres = await troubledPostgres();
  const { app } = await wholeApp();
  ({ url, stop } = await listen(app));
});
beforeEach(async () => {
  // No page from before the outage.
  dropKept();
  await postgres.use();
});
afterAll(async () => {
  stop();
  await closeResources();
  await postgres.close();
});

const ready = () => call(url, { path: "/readyz" });

/** Somebody who may register, by token and by cookie. */
async function newParticipant() {
  const { user, token } = await newCaller();
  const cookie = await signIn(new Request("http://localhost/login"), user.id);
  return { user, token, cookie: cookie.split(";")[0] ?? "" };
}

function threeParticipants() {
  return Promise.all([newParticipant(), newParticipant(), newParticipant()]);
}

type Participant = Awaited<ReturnType<typeof newParticipant>>;

/** The ways to register, one for each: of programs, of forms, and of forms that scripts send. */
function waysToRegister(competition: string, [one, two, three]: Participant[]) {
  const path = `/competitions/${competition}`;
  const form = new URLSearchParams({ intent: "register", idempotencyKey: randomUUID() });
  const post = (who?: Participant): ApiCall => ({
    method: "POST",
    path,
    headers: [
      ["cookie", who?.cookie ?? ""],
      ["content-type", "application/x-www-form-urlencoded"],
    ],
    raw: form.toString(),
  });
  return [
    { method: "POST", path: `/api${path}/register`, token: one?.token },
    post(two),
    { ...post(three), path: `${path}.data` },
  ];
}

/** What the log was told since, of outages. */
function listenToTheLog() {
  const lines: [level: string, facts: unknown, message: string][] = [];
  for (const level of ["error", "warn", "info"] as const) {
    vi.spyOn(log, level).mockImplementation((facts: unknown, message?: string) => {
      if (message !== "request") lines.push([level, facts, message ?? ""]);
    });
  }
  return lines;
}

async function expectRefused(asked: ApiCall[]): Promise<void> {
  const replies = await Promise.all(asked.map((one) => call(url, one)));
  for (const [index, { status, headers, text }] of replies.entries()) {
    const { method = "GET", path } = asked[index] ?? { path: "" };
    expect(status, `${method} ${path}: ${text}`).toBe(503);
    expect(Number(headers["retry-after"]), path).toBeGreaterThan(0);
  }
}

/** One line when it began, one when it ended; ready at once. */
async function expectMended(lines: ReturnType<typeof listenToTheLog>, reason: string) {
  await eventually(async () => expect((await ready()).status).toBe(200));
  await eventually(() => expect(lines.at(-1)?.[2]).toBe("postgres serves again"));
  expect(lines).toEqual([
    ["error", expect.objectContaining({ reason }), "postgres is of no use"],
    ["info", expect.objectContaining({ reasons: [reason] }), "postgres serves again"],
  ]);
}

describe("while Postgres writes nothing", () => {
  test.each(["database_read_only", "database_full"])(
    "%s: whoever registers is told when to come back, and comes back to a free seat",
    async (reason) => {
      const competition = await openCompetition({ capacity: 3 });
      const people = await threeParticipants();
      const trouble = postgres.ofWriting.find((one) => one.reason === reason);
      if (!trouble) throw new Error(reason);
      const lines = listenToTheLog();
      await closeDatabase();
      const over = await postgres.begin(trouble);
      await expectRefused(waysToRegister(competition, people));
      expect(await ready()).toMatchObject({
        status: 503,
        body: { status: "not_ready", reason, checks: { postgres: "down" } },
      });
      await over();
      await expectMended(lines, reason);
      // With a new key: nothing is left of the attempts that failed.
      const [again] = waysToRegister(competition, people);
      expect((await call(url, again as ApiCall)).status).toBe(201);
    },
  );
});

describe("while Postgres lets nobody in", () => {
  test.each(["database_login_refused", "database_too_many_connections"])(
    "%s: pages, their data, files and the API are away",
    async (reason) => {
      const competition = await openCompetition();
      const people = await threeParticipants();
      const trouble = postgres.ofLogins.find((one) => one.reason === reason);
      if (!trouble) throw new Error(reason);
      const lines = listenToTheLog();
      await closeDatabase();
      const over = await postgres.begin(trouble);
      await expectRefused([
        { path: "/competitions" },
        { path: "/competitions.data" },
        { path: `/competitions/${competition}/seats` },
        { path: "/api/competitions" },
        ...waysToRegister(competition, people),
      ]);
      expect((await ready()).body).toMatchObject({ reason, checks: { migrations: "unknown" } });
      expect((await call(url, { path: "/healthz" })).status).toBe(200);
      await over();
      await expectMended(lines, reason);
      expect((await call(url, { path: "/competitions" })).status).toBe(200);
    },
  );
});

test("a seat that was held when Postgres went away is free when it is back", async () => {
  const competitionId = await openCompetition({ capacity: 1 });
  const { user } = await newCaller();
  const asked = (by: UserView) => ({ user: by, competitionId, idempotencyKey: randomUUID() });
  // Who was here before is looked up in Postgres, which then is away.
  expect(await register(asked(user))).toMatchObject({ status: "registered" });
  await cancelRegistration({ actor: user, competitionId });
  const [trouble] = postgres.ofLogins;
  if (!trouble) throw new Error("no trouble");
  let over = async () => {};
  const done = atFailpoint("register-after-insert", async () => {
    done();
    over = await postgres.begin(trouble);
    await postgres.cut();
    throw Object.assign(new Error("the server closed the connection"), { code: "57P01" });
  });
  expect(await register(asked(user))).toMatchObject({ status: "unavailable" });
  await over();
  expect(await register(asked(user))).toMatchObject({ status: "registered" });
});
