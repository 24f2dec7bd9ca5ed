import { createServer } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { problemShape } from "~/api/shapes";
import { env } from "~/platform/env";
import { metrics } from "~/platform/metrics";
import { closeDatabase, database } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";
import { checkReadiness } from "~/web/resources";
import { type ApiCall, call, newCaller } from "../support/api-client";
import { API_SERVERS, startApiServers } from "../support/api-servers";
import { openCompetition } from "../support/fixtures";

const urlOf = startApiServers();
const { DATABASE_URL, REDIS_URL } = env();

afterEach(async () => {
  await use({ DATABASE_URL, REDIS_URL });
});

/** Points the process at other servers, as if those of before had gone away. */
async function use(urls: { DATABASE_URL?: string; REDIS_URL?: string }) {
  Object.assign(env(), urls);
  await closeDatabase();
  closeRedis();
}

/** How many 503 the metrics put down to that. */
async function answeredDatabaseAway(): Promise<number> {
  const text = await metrics().metrics();
  const line = /^mini_compete_unavailable_total\{reason="database_away"\} (\d+)$/m;
  return Number(line.exec(text)?.[1]);
}

const noPostgres = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" };
const noRedis = { REDIS_URL: "redis://127.0.0.1:1" };

describe.each(API_SERVERS)("without Postgres %s", (server) => {
  let token: string;
  let competition: string;
  beforeAll(async () => {
    token = (await newCaller()).token;
    competition = await openCompetition();
  });

  test.each<[string, () => ApiCall]>([
    ["to list competitions", () => ({ path: "/api/competitions" })],
    ["to say whose a token is", () => ({ path: "/api/auth/me", token })],
    [
      "to log in",
      () => ({
        method: "POST",
        path: "/api/auth/login",
        json: { email: "a@example.com", password: "password123" },
      }),
    ],
    [
      "to register",
      () => ({ method: "POST", path: `/api/competitions/${competition}/register`, token }),
    ],
  ])("refuses %s as unavailable, and says when to come again", async (_name, request) => {
    await use(noPostgres);
    const before = await answeredDatabaseAway();
    const reply = await call(urlOf(server), request());
    expect(reply.status, reply.text).toBe(503);
    expect(problemShape.strict().parse(reply.body).code).toBe("unavailable");
    expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
    expect(await answeredDatabaseAway()).toBe(before + 1);
  });
});

test("without Redis everything still works", async () => {
  await use(noRedis);
  const { token } = await newCaller();
  const competition = await openCompetition();
  const url = urlOf("the Express entry");
  const path = `/api/competitions/${competition}/register`;
  expect((await call(url, { method: "POST", path, token })).status).toBe(201);
  expect((await call(url, { path: "/api/competitions" })).status).toBe(200);
});

describe("readiness", () => {
  test("is there when Postgres answers and is migrated", async () => {
    expect(await checkReadiness()).toEqual({
      ready: true,
      checks: { postgres: "ok", migrations: "current", redis: "ok" },
    });
  });

  test("survives the loss of Redis, and tells of it", async () => {
    await use(noRedis);
    expect(await checkReadiness()).toEqual({
      ready: true,
      checks: { postgres: "ok", migrations: "current", redis: "down" },
    });
  });

  test("ends with Postgres", async () => {
    await use(noPostgres);
    expect(await checkReadiness()).toMatchObject({
      ready: false,
      reason: "database_away",
      checks: { postgres: "down", migrations: "unknown" },
    });
  });

  test("ends when Postgres accepts connections and then says nothing", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = address && typeof address === "object" ? address.port : 0;
    await use({ DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` });
    expect(await checkReadiness()).toMatchObject({
      ready: false,
      reason: "database_silent",
      checks: { postgres: "down" },
    });
    silent.close();
  });

  test("waits for the newest migration", async () => {
    const [newest] = await database().execute<{ id: number; name: string }[]>(
      "delete from mikro_orm_migrations where id = (select max(id) from mikro_orm_migrations) returning id, name",
    );
    expect(await checkReadiness()).toMatchObject({
      ready: false,
      reason: "migrations_pending",
      checks: { postgres: "ok", migrations: "pending" },
    });
    await database().execute("insert into mikro_orm_migrations (id, name) values (?, ?)", [
      newest?.id,
      newest?.name,
    ]);
    expect((await checkReadiness()).ready).toBe(true);
  });
});
