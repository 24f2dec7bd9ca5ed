import { randomUUID } from "node:crypto";
import { DatabaseError, type PoolClient } from "pg";
import { countRivalRegistrations, openRivalCompetition, withClient } from "../rival-database.ts";
import type { Answer, Side, SideRequest } from "./side.ts";

/** Somebody else was there first (unique violation). */
const TAKEN = "23505";
/** There is no order in which these transactions could have run (serialization, deadlock). */
const TRY_AGAIN = new Set(["40001", "40P01"]);
const MOST_TRIES = 50;

const inRivalTables = { open: openRivalCompetition, countStored: countRivalRegistrations };

/** `SELECT … FOR UPDATE` on the competition, count, insert: correct, one at a time. */
export const rowLock: Side = {
  ...inRivalTables,
  name: "row-lock",
  register: (request) =>
    withClient(async (client) => {
      const earlier = await findByKey(client, request);
      if (earlier) return earlier;
      try {
        return await countThenInsert(client, request, { begin: "begin", lock: "for update" });
      } catch (error) {
        if (sqlStateOf(error) === TAKEN) return { ending: "other" };
        throw error;
      }
    }),
};

/** Count, then insert, at SERIALIZABLE, tried again when Postgres finds no order. */
export const serializable: Side = {
  ...inRivalTables,
  name: "serializable",
  register: (request) =>
    withClient(async (client) => {
      const earlier = await findByKey(client, request);
      if (earlier) return earlier;
      const how = { begin: "begin isolation level serializable", lock: "" } as const;
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        try {
          return await countThenInsert(client, request, how);
        } catch (error) {
          const state = sqlStateOf(error);
          if (state === TAKEN) return { ending: "other" };
          if (!TRY_AGAIN.has(state)) throw error;
        }
      }
      return { ending: "other" };
    }),
};

/**
 * A counter on the competition, raised while it is below the capacity, and the insert, in one
 * prepared statement: the fastest correct way that Postgres has on its own. A key is only looked up
 * where the insert meets an earlier one.
 */
export const conditionalCounter: Side = {
  ...inRivalTables,
  name: "counter",
  register: (request) =>
    withClient(async (client) => {
      const registrationId = randomUUID();
      try {
        const rows = await run(client, "counter", TAKE_AND_INSERT, rowOf(request, registrationId));
        return rows.length > 0 ? { ending: "registered", registrationId } : { ending: "full" };
      } catch (error) {
        if (sqlStateOf(error) !== TAKEN) throw error;
        return (await findByKey(client, request)) ?? { ending: "other" };
      }
    }),
};

/** One prepared insert that checks nothing: the least a registration can cost. A limit, not a rival. */
export const bareInsert: Side = {
  ...inRivalTables,
  name: "bare-insert",
  register: (request) =>
    withClient(async (client) => {
      const registrationId = randomUUID();
      await run(client, "insert", INSERT, rowOf(request, registrationId));
      return { ending: "registered", registrationId };
    }),
};

/**
 * Reads the competition, counts, and inserts while there is room; the caller says what keeps others
 * from doing so at the same time.
 */
async function countThenInsert(
  client: PoolClient,
  request: SideRequest,
  { begin, lock }: { begin: string; lock: "" | "for update" },
): Promise<Answer> {
  const registrationId = randomUUID();
  const competition = [request.competitionId];
  try {
    await client.query(begin);
    const [found] = await run(client, `competition ${lock}`, `${FIND} ${lock}`, competition);
    const [counted] = await run(client, "count", COUNT, competition);
    if (!found?.open || Number(counted?.count) >= Number(found.capacity)) {
      await client.query("rollback");
      return { ending: found?.open ? "full" : "other" };
    }
    await run(client, "insert", INSERT, rowOf(request, registrationId));
    await client.query("commit");
    return { ending: "registered", registrationId };
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** What an earlier request with this key was answered. */
async function findByKey(client: PoolClient, { key }: SideRequest): Promise<Answer | null> {
  if (!key) return null;
  const [row] = await run(client, "by key", FIND_BY_KEY, [key]);
  return row ? { ending: "registered", registrationId: String(row.id) } : null;
}

/** Runs a statement that each connection prepares once, under this name. */
async function run(client: PoolClient, name: string, text: string, values: unknown[]) {
  const { rows } = await client.query<Record<string, unknown>>({ name, text, values });
  return rows;
}

function rowOf({ user, competitionId, key }: SideRequest, registrationId: string): unknown[] {
  return [registrationId, user.id, competitionId, key ?? null];
}

function sqlStateOf(error: unknown): string {
  return (error instanceof DatabaseError && error.code) || "";
}

const FIND = `select capacity, reg_deadline > now() as open from rival.competition where id = $1`;
const COUNT = "select count(*)::int as count from rival.registration where competition_id = $1";
const FIND_BY_KEY = "select id from rival.registration where idempotency_key = $1";

const INSERT = `
insert into rival.registration (id, user_id, competition_id, idempotency_key)
values ($1, $2, $3, $4)`;

const TAKE_AND_INSERT = `
with seat as (
  update rival.competition set taken = taken + 1
  where id = $3 and taken < capacity and reg_deadline > now() returning id
)
insert into rival.registration (id, user_id, competition_id, idempotency_key)
select $1, $2, id, $4 from seat returning id`;
