import { randomUUID } from "node:crypto";
import { MikroORM } from "@mikro-orm/postgresql";
import { afterAll, describe, expect, test } from "vitest";
import { migrateDown, migrateUp, migratorOptions } from "~/platform/migrator";
import { database, orm } from "~/platform/orm";
import { Migration20261125230000_search } from "../../migrations/Migration20261125230000_search";
import { Migration20261126004000_plain_words } from "../../migrations/Migration20261126004000_plain_words";
import { closeEverything, createPeople, createPerson, openCompetition } from "../support/fixtures";
import { mustRegister } from "../support/registering";

afterAll(closeEverything);

describe("the migrations", () => {
  test("make exactly what the entities describe, and none is missing", async () => {
    const orm = await MikroORM.init(migratorOptions());
    try {
      expect(await orm.migrator.checkSchema()).toBe(false);
      expect(await orm.schema.getUpdateSchemaSQL()).toBe("");
    } finally {
      await orm.close(true);
    }
  });

  test("a second run finds nothing to do, and two at once do not clash", async () => {
    expect(await Promise.all([migrateUp(), migrateUp()])).toEqual([[], []]);
  });

  test("leave the previous release working: it finds, stores and deletes whole answers", async () => {
    const user = await createPerson();
    const competitionId = await openCompetition();
    const { body } = await mustRegister(user, competitionId, "ours");
    const find =
      "select fingerprint, body from idempotency_key where user_id = ? and scope = ? and key = 'ours'";
    const found = await database().execute(find, [user.id, competitionId]);
    expect(found).toEqual([{ fingerprint: "", body: JSON.stringify(body) }]);

    const store = `with registered as (select ?::uuid as id), remembered as (
        insert into idempotency_key (user_id, scope, key, fingerprint, registration_id, body)
        select ?, ?, 'theirs', '', id, ? from registered
      ) select id from registered`;
    const theirs = { ...body, registeredAt: "2026-01-01T00:00:00.000Z" };
    const answer = [body.id, user.id, competitionId, JSON.stringify(theirs)];
    expect(await database().execute(store, answer)).toEqual([{ id: body.id }]);
    const replay = await mustRegister(user, competitionId, "theirs");
    expect(JSON.stringify(replay.body)).toBe(JSON.stringify(theirs));

    const forget = `delete from idempotency_key where ctid = any(array(
        select ctid from idempotency_key where scope = ? order by created_at limit 5)) returning 1`;
    expect(await database().execute(forget, [competitionId])).toHaveLength(2);
  });
});

/** Runs one statement and returns the constraint that refused it, or "accepted". */
async function refusedBy(sql: string, params: unknown[]): Promise<string> {
  try {
    await database().execute(sql, params);
    return "accepted";
  } catch (error) {
    const cause = error as { constraint?: string; code?: string };
    return cause.constraint ?? cause.code ?? "unknown";
  }
}

describe("whatever the code does, Postgres refuses", () => {
  const insert = `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
    values (?, ?, ?, ?, ?, now())`;

  test("two registrations for one seat, a seat that does not exist, a place without a seat", async () => {
    const competitionId = await openCompetition({ capacity: 2 });
    const [one, two, three] = await createPeople(3);
    const row = (userId: string | undefined, status: string, seatNo: number | null) =>
      refusedBy(insert, [randomUUID(), competitionId, userId, status, seatNo]);
    expect(await row(one?.id, "CONFIRMED", 1)).toBe("accepted");
    expect(await row(two?.id, "CONFIRMED", 1)).toBe("registration_seat_unique");
    expect(await row(two?.id, "CONFIRMED", 3)).toBe("registration_competition_id_seat_no_foreign");
    expect(await row(two?.id, "CONFIRMED", null)).toBe("registration_confirmed_has_seat_check");
    expect(await row(two?.id, "CANCELLED", 2)).toBe("registration_confirmed_has_seat_check");
    expect(await row(one?.id, "CONFIRMED", 2)).toBe("registration_one_active_unique");
    expect(await row(three?.id, "CANCELLED", null)).toBe("accepted");
    expect(await row(three?.id, "CONFIRMED", 2)).toBe("accepted");
  });

  test("waiting without a number, a number twice, and a promotion of somebody who never waited", async () => {
    const competitionId = await openCompetition({ capacity: 2 });
    const [one, two] = await createPeople(2);
    const wait = `insert into registration
      (id, competition_id, user_id, status, seat_no, line_no, promoted_at, registered_at)
      values (gen_random_uuid(), ?, ?, ?, ?, ?, ?, now())`;
    const row = (
      userId: string | undefined,
      status: string,
      rest: { seat?: number; line?: number; promoted?: Date },
    ) => {
      const { seat = null, line = null, promoted = null } = rest;
      return refusedBy(wait, [competitionId, userId, status, seat, line, promoted]);
    };
    expect(await row(one?.id, "WAITLISTED", {})).toBe("registration_waiting_has_number_check");
    expect(await row(one?.id, "WAITLISTED", { line: 0 })).toBe("registration_line_no_check");
    const promoted = new Date();
    expect(await row(one?.id, "CONFIRMED", { seat: 1, promoted })).toBe(
      "registration_promoted_waited_check",
    );
    expect(await row(one?.id, "WAITLISTED", { line: 7 })).toBe("accepted");
    expect(await row(one?.id, "CONFIRMED", { seat: 1 })).toBe("registration_one_active_unique");
    expect(await row(two?.id, "WAITLISTED", { line: 7 })).toBe("registration_line_unique");
    const limit = "update competition set waitlist_limit = ? where id = ?";
    expect(await refusedBy(limit, [-1, competitionId])).toBe("competition_waitlist_limit_check");
    expect(await refusedBy(limit, [100_001, competitionId])).toBe(
      "competition_waitlist_limit_check",
    );
  });

  test("taking a seat away from somebody, an impossible capacity, an opening at the deadline", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const user = await createPerson();
    await refusedBy(insert, [randomUUID(), competitionId, user.id, "CONFIRMED", 1]);
    const remove = "delete from seat where competition_id = ?";
    expect(await refusedBy(remove, [competitionId])).toBe(
      "registration_competition_id_seat_no_foreign",
    );
    const resize = "update competition set capacity = ? where id = ?";
    expect(await refusedBy(resize, [0, competitionId])).toBe("competition_capacity_check");
    const open = "update competition set opens_at = reg_deadline where id = ?";
    expect(await refusedBy(open, [competitionId])).toBe("competition_opens_check");
  });

  test("an address in capitals and the same one twice", async () => {
    const add = `insert into "user" (id, email, name, role, password_hash)
      values (gen_random_uuid(), ?, 'N', ?, 'x')`;
    expect(await refusedBy(add, ["Upper@example.com", "PARTICIPANT"])).toBe(
      "user_email_lower_check",
    );
    expect(await refusedBy(add, ["lower@example.com", "PARTICIPANT"])).toBe("accepted");
    expect(await refusedBy(add, ["lower@example.com", "PARTICIPANT"])).toBe("user_email_unique");
    expect(await refusedBy(add, ["other@example.com", "ADMIN"])).toBe("user_role_check");
  });
});

test("the newest migration goes down and up again", async () => {
  await closeEverything();
  expect(await migrateDown()).toHaveLength(1);
  expect(await migrateUp()).toHaveLength(1);
});

test.each([
  {
    Migration: Migration20261125230000_search,
    drop: "drop function competition_search_text cascade",
    made: "competition_search_text('a', 'b', '{c,d}')",
    index: "competition_search_index",
  },
  {
    Migration: Migration20261126004000_plain_words,
    drop: "drop function competition_words, plain_words cascade; drop collation root_order cascade",
    made: "competition_words('Å', 'b', '{C,d}')",
    index: "competition_words_index",
  },
])(
  "searches get no $index where pg_trgm may not be made, and the migration still passes",
  async (the) => {
    const role = `restricted_${randomUUID().replaceAll("-", "")}`;
    const search = new the.Migration(orm().em.getDriver(), orm().config);
    await search.up();
    const rollback = new Error("seen enough");
    const seen = database().transactional(async (em) => {
      await em.execute(`${the.drop}; drop extension pg_trgm cascade`);
      await em.execute(`create role ${role}; grant create on schema public to ${role}`);
      await em.execute(`alter table competition owner to ${role}; set local role ${role}`);
      for (const query of search.getQueries()) await em.execute(String(query));
      expect(await em.execute(`select lower(${the.made}) as text`)).toEqual([{ text: "a b c d" }]);
      const indexes = await em.execute("select 1 from pg_indexes where indexname = ?", [the.index]);
      expect(indexes).toEqual([]);
      throw rollback;
    });
    await expect(seen).rejects.toBe(rollback);
  },
);
