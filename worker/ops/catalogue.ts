import type { ClientBase } from "pg";
import { OwnError } from "~/platform/own-error";

/** A table with the columns that hold data; generated ones hold none. */
export interface Table {
  name: string;
  columns: string[];
}

interface TableRow extends Table {
  /** The tables that it refers to. */
  parents: string[];
}

/**
 * The tables of our schema but those that are left out, each after those that it refers to, so that
 * its rows can be written when theirs are there. Views and extensions' tables are none of them.
 */
export async function listTables(client: ClientBase, leftOut: Set<string>): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(TABLES);
  const waiting = rows.filter(({ name }) => !leftOut.has(name));
  const ordered: Table[] = [];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const at = waiting.findIndex(({ parents }) => !parents.some((parent) => names.has(parent)));
    const [next] = at < 0 ? [] : waiting.splice(at, 1);
    if (!next) throw new OwnError(`tables refer to each other: ${[...names].join(", ")}`);
    ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}

/** The last values of the sequences that belong to these tables and were ever used. */
export async function readSequences(
  client: ClientBase,
  tables: Table[],
): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; last: string }>(SEQUENCES, [
    tables.map(({ name }) => name),
  ]);
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

/** The names of the migrations that the database has, in order; null where it never had any. */
export async function readMigrations(client: ClientBase): Promise<string[] | null> {
  const [known] = (await client.query("select to_regclass('mikro_orm_migrations') as table")).rows;
  if (!known?.table) return null;
  const names = "select name from mikro_orm_migrations order by id";
  return (await client.query<{ name: string }>(names)).rows.map(({ name }) => name);
}

/** Removes the time limits that the server, the database or the role may have, for one transaction. */
export async function liftLimits(client: ClientBase): Promise<void> {
  await client.query(
    `select set_config(name, '0', true) from pg_settings where name in ('statement_timeout',
       'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`,
  );
}

/** A COPY of a table, with its columns by name: another release may have them in another order. */
export function copySql({ name, columns }: Table, direction: "to stdout" | "from stdin"): string {
  return `copy ${quoted(name)} (${columns.map(quoted).join(", ")}) ${direction}`;
}

/** A name as SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const OURS = "(select oid from pg_namespace where nspname = current_schema())";

const TABLES = `
select c.relname::text as name,
  array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
    and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
  array(select p.relname::text from pg_constraint f join pg_class p on p.oid = f.confrelid
    where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> f.conrelid) as parents
from pg_class c
where c.relnamespace = ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
  and not exists (select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by c.relname`;

const SEQUENCES = `
select s.sequencename::text as name, s.last_value::text as last
from pg_sequences s
join pg_depend d on d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  and d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass
join pg_class t on t.oid = d.refobjid
where s.schemaname = current_schema() and t.relname = any($1) and s.last_value is not null`;
