import { inspect } from "node:util";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { User } from "~/domain/accounts/index.server";
import { env } from "~/platform/env";
import { closeDatabase, database, executePrepared, inOneTrip, inTransaction } from "~/platform/orm";
import { isUnknownCommit, troubleOf } from "~/platform/postgres-error";
import { importWithout } from "../faults/guards/sources";
import { eventually } from "../support/eventually";
import { createPerson } from "../support/fixtures";

beforeEach(async () => {
  // A connection that is lost shows at once: there is no other one.
  env().DATABASE_POOL_MAX = 1;
  await closeDatabase();
});
afterEach(() => vi.restoreAllMocks());
afterAll(closeDatabase);

const READ_TIMEOUT = "Query read timeout";

/**
 * The next statement that begins like this gets no answer in time, as pg tells it.
 *
 * @returns all statements from now on
 */
function giveNoAnswerTo(start: string): string[] {
  const real = Client.prototype.query as (...args: unknown[]) => unknown;
  const asked: string[] = [];
  let isDone = false;
  vi.spyOn(Client.prototype, "query").mockImplementation(function (
    this: Client,
    ...args: unknown[]
  ) {
    const [query] = args as [{ text: string }];
    asked.push(query.text);
    if (isDone || !query.text.startsWith(start)) return real.apply(this, args);
    isDone = true;
    return Promise.reject(new Error(READ_TIMEOUT));
  });
  return asked;
}

async function serverProcess(): Promise<number | undefined> {
  const [row] = await database().execute<{ pid: number }[]>("select pg_backend_pid() as pid");
  return row?.pid;
}

describe("a connection that got no answer", () => {
  test.each(["begin", "select 1", "commit", "rollback"])(
    "to %s is replaced, and the pool stays as large as it was",
    async (statement) => {
      const before = await serverProcess();
      const asked = giveNoAnswerTo(statement);
      const failure = await inTransaction(async (em) => {
        await em.execute("select 1");
        if (statement === "rollback") throw new Error("the work failed");
      }).catch((error: unknown) => error);
      const fails = statement === "rollback" ? "the work failed" : READ_TIMEOUT;
      expect(failure).toMatchObject({ message: fails });
      // It would wait behind the statement that has no answer; closing rolls back as well.
      expect(asked.includes("rollback")).toBe(statement === "rollback");
      expect(await serverProcess()).not.toBe(before);
    },
  );

  test("outside a transaction is replaced as well", async () => {
    const before = await serverProcess();
    giveNoAnswerTo("select 1");
    const failure = await database()
      .execute("select 1")
      .catch((error: unknown) => error);
    expect(troubleOf(failure)).toBe("away");
    expect(await serverProcess()).not.toBe(before);
  });

  test("but an error is used again", async () => {
    const before = await serverProcess();
    await expect(database().execute("select 1 / 0")).rejects.toThrow(
      "select: 22012 division_by_zero",
    );
    const failing = inTransaction((em) => em.execute("select 1 / 0"));
    await expect(failing).rejects.toThrow("select: 22012 division_by_zero");
    expect(await serverProcess()).toBe(before);
  });

  test("because Postgres ended it while it was idle harms nobody", async () => {
    const pid = await serverProcess();
    const other = new Client({ connectionString: env().DATABASE_URL });
    await other.connect();
    await other.query("select pg_terminate_backend($1)", [pid]);
    await other.end();
    await eventually(async () => expect(await serverProcess()).not.toBe(pid));
  });
});

describe("a transaction in one trip", () => {
  const select = (what: string) => ({ sql: `select ${what} as it`, parameters: [] });

  test("is sent, COMMIT included, before anything of it is answered", async () => {
    await serverProcess();
    const real = Client.prototype.query as (...args: unknown[]) => Promise<unknown>;
    const events: string[] = [];
    vi.spyOn(Client.prototype, "query").mockImplementation(function (
      this: Client,
      ...args: unknown[]
    ) {
      const [{ text }] = args as [{ text: string }];
      events.push(text);
      const answer = real.apply(this, args);
      void answer.then(() => events.push(`${text}: answered`));
      return answer;
    });
    const rows = await inOneTrip([select("1"), select("2")]);
    expect(rows).toEqual([[{ it: 1 }], [{ it: 2 }]]);
    const sent = ["begin", "select 1 as it", "select 2 as it", "commit"];
    expect(events).toEqual([...sent, ...sent.map((text) => `${text}: answered`)]);
  });

  test("is rolled back by a statement that fails, and its connection is used again", async () => {
    const before = await serverProcess();
    const { id } = await createPerson();
    const rename = { sql: `update "user" set name = 'Renamed' where id = ?`, parameters: [id] };
    const failing = inOneTrip([rename, select("1 / 0")]);
    await expect(failing).rejects.toThrow("select: 22012 division_by_zero");
    const [user] = await database().execute<unknown[]>(
      `select 1 from "user" where id = ? and name = 'Renamed'`,
      [id],
    );
    expect(user).toBeUndefined();
    expect(await serverProcess()).toBe(before);
  });

  test.each([
    ["commit", "may stand"],
    ["begin", "is known to have failed"],
  ])("whose %s is not answered %s, and its connection is replaced", async (statement, fate) => {
    const before = await serverProcess();
    giveNoAnswerTo(statement);
    const failure = await inOneTrip([select("1")]).catch((error: unknown) => error);
    expect(isUnknownCommit(failure)).toBe(fate === "may stand");
    expect(troubleOf(failure)).toBe("away");
    expect(await serverProcess()).not.toBe(before);
  });
});

describe("an error of Postgres tells none of the values", () => {
  test("of a row that a constraint refused", async () => {
    const { email } = await createPerson();
    const row = { email, name: "Secret Name", role: "PARTICIPANT", passwordHash: "secret-hash" };
    const refused = [
      { ...row, id: crypto.randomUUID() },
      { ...row, id: crypto.randomUUID(), email: `UPPER-${email}` },
    ];
    const constraints: unknown[] = [];
    for (const one of refused) {
      const error = await database()
        .insert(User, one as typeof one & { role: "PARTICIPANT" })
        .then(() => null)
        .catch((caught: Error & { constraint?: string }) => caught);
      constraints.push(error?.constraint);
      const told = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}`;
      for (const value of [one.email, one.name, one.passwordHash, one.id]) {
        expect(told).not.toContain(value);
      }
    }
    expect(constraints).toEqual(["user_email_unique", "user_email_lower_check"]);
  });

  const raised = "raise exception 'a secret' using detail = 'a secret', hint = 'a secret'";
  const LOUD = [
    ["a value that is no uuid", "select from session where id = 'a secret'", "22P02"],
    ["a value that ends the statement", "select 1 'a secret'", "42601"],
    ["a trigger's own words", `do $$ begin ${raised}; end $$`, "P0001"],
    ["a statement inside another", "do $$ begin execute 'select a secret from'; end $$", "42601"],
  ] as const;
  const told = (execute: Promise<unknown>) =>
    execute.then(
      () => "",
      (error: unknown) => inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error),
    );

  test.each(LOUD)("of %s", async (_, statement, code) => {
    const text = await told(database().execute(statement));
    expect(text).toContain(code);
    expect(text).not.toContain("secret");
    const prepared = inTransaction((em) => executePrepared(em, statement, []));
    expect(await told(prepared)).not.toContain("secret");
  });

  test("and would tell all of them without the guard", async () => {
    const door = "app/platform/orm.ts";
    const without = await importWithout<{ database: typeof database }>("statement-values", door);
    for (const [, statement] of LOUD) {
      expect(await told(without.database().execute(statement))).toContain("secret");
    }
  });

  test("but which statement it was, and MikroORM's exceptions still say what it means", async () => {
    const { email } = await createPerson();
    const twice = database().execute(
      `insert into "user" (id, email, name, role, password_hash) select gen_random_uuid(), ?, '', 'PARTICIPANT', ''`,
      [email],
    );
    const error = await twice.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UniqueConstraintViolationException);
    expect(error).toMatchObject({
      message: "insert into user: 23505 unique_violation (user_email_unique)",
      code: "23505",
      constraint: "user_email_unique",
      table: "user",
      statement: "insert into user",
    });
    expect(troubleOf(error)).toBe("constraint");
  });

  test("and a server that lets nobody in is named, not who asked", async () => {
    const { DATABASE_URL } = env();
    env().DATABASE_URL = DATABASE_URL.replace(/[^/]*$/, "secret");
    const error = await database()
      .execute("select 1")
      .catch((caught: unknown) => caught);
    env().DATABASE_URL = DATABASE_URL;
    expect(error).toMatchObject({ message: "connect: 3D000 invalid_catalog_name" });
  });
});
