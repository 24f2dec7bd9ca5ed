import type { PoolClient } from "pg";
import { connectFailure } from "~/platform/database-failure";
import { areMigrationsCurrent } from "~/platform/migration-state";
import { orm } from "~/platform/orm";
import { createPool } from "~/platform/postgres";
import type { PostgresFacts } from "./judge-postgres";

type Found =
  | { status: "answers"; facts: PostgresFacts; clockMs: number }
  | { status: "refuses" | "away"; reason: string };

/** Asks Postgres about itself and about our role. */
export async function lookAtPostgres(): Promise<Found> {
  const pool = createPool();
  try {
    const client = await pool.connect().catch((error: unknown) => connectFailure(error));
    if (client instanceof Error) {
      // Only a server that is there has an SQLSTATE.
      const isThere = /^[0-9A-Z]{5}$/.test(client.code ?? "") && client.code !== "EPIPE";
      return { status: isThere ? "refuses" : "away", reason: client.message };
    }
    try {
      const clockMs = await askClock(client);
      return { status: "answers", facts: await ask(client), clockMs };
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}

async function ask(client: PoolClient): Promise<PostgresFacts> {
  const { rows } = await client.query(SERVER_SQL);
  const { pid, ...facts } = rows[0];
  return {
    ...facts,
    missingRights: await findMissingRights(client),
    isOwner: await isOwner(client),
    areMigrationsCurrent: await areMigrationsCurrent(),
    // A pooler tells its clients of processes that the server does not have.
    isThroughBouncer: Reflect.get(client, "processID") !== pid,
  };
}

const SERVER_SQL = `
select pg_backend_pid() as pid, current_setting('server_version_num')::int as version,
  current_user as role, r.rolsuper as "isSuperuser",
  pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as "isReadOnly",
  current_setting('fsync') as fsync, current_setting('synchronous_commit') as "synchronousCommit",
  least(
    current_setting('max_connections')::int
      - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true)::int, 0),
    nullif(r.rolconnlimit, -1), nullif(d.datconnlimit, -1)) as connections,
  (select count(*)::int from pg_stat_activity where backend_type = 'client backend')
    as "connectionsInUse"
from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`;

const OUR_TABLES = () => [
  ...new Set([...orm().getMetadata().getAll().values()].map(({ tableName }) => tableName)),
];

async function findMissingRights(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ missing: string }>(
    `select wanted || ' on ' || name as missing
       from unnest($1::text[]) as name, unnest(array['select', 'insert', 'update', 'delete']) as wanted
      where not has_table_privilege(to_regclass(quote_ident(name)), wanted)
     union all
     select 'select on mikro_orm_migrations'
      where not has_table_privilege(to_regclass('mikro_orm_migrations'), 'select')
     union all
     select 'usage on ' || s.oid::regclass
       from pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i')
      where case when s.relkind = 'S' then not has_sequence_privilege(s.oid, 'usage') end
        and d.refobjid in (select to_regclass(quote_ident(n)) from unnest($1::text[]) n)`,
    [OUR_TABLES()],
  );
  return rows.map(({ missing }) => missing);
}

async function isOwner(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from pg_class c, unnest($1::text[]) n
      where c.oid = to_regclass(quote_ident(n)) and pg_has_role(c.relowner, 'usage') limit 1`,
    [OUR_TABLES()],
  );
  return rows.length > 0;
}

/** How far ahead of ours the server's clock is, milliseconds. */
async function askClock(client: PoolClient): Promise<number> {
  const before = Date.now();
  const { rows } = await client.query(
    "select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms",
  );
  return rows[0].ms - (before + Date.now()) / 2;
}
