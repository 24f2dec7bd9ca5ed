import { openPool } from "./databases";

/**
 * Ways to break the test file's database while the application uses it. Each makes Postgres refuse
 * statements in a different way.
 */
export function databaseToBreak() {
  // A connection that is made while the database is read-only would stay so in the pool.
  const admin = openPool({
    connectionString: process.env.DATABASE_URL,
    max: 3,
    options: "-c default_transaction_read_only=off",
  });

  async function tables(): Promise<string[]> {
    const { rows } = await admin.query<{ name: string }>(
      `select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE'
          and table_name <> 'mikro_orm_migrations' order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  /** Nobody can reach the tables. Postgres cancels statements that would wait for one. */
  async function whileLocked<T>(names: string[], work: () => Promise<T>): Promise<T> {
    const holder = await admin.connect();
    await holder.query("begin");
    await holder.query(`lock table "${names.join('", "')}"`);
    const cancel = `select pg_cancel_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    const impatience = setInterval(() => void admin.query(cancel).catch(() => {}), 20);
    try {
      return await work();
    } finally {
      clearInterval(impatience);
      await holder.query("rollback");
      holder.release();
    }
  }

  /** Each row that is written to these tables is refused, in words that quote all of it. */
  async function whileRefusing<T>(names: string[], work: () => Promise<T>): Promise<T> {
    await admin.query(
      `create or replace function refuse() returns trigger language plpgsql as $$
       begin
         raise exception 'no %', to_jsonb(coalesce(new, old)) using
           detail = to_jsonb(coalesce(new, old))::text, hint = to_jsonb(coalesce(new, old))::text;
       end $$`,
    );
    for (const name of names) {
      await admin.query(
        `create trigger refuse before insert or update or delete on "${name}"
         for each row execute function refuse()`,
      );
    }
    try {
      return await work();
    } finally {
      for (const name of names) await admin.query(`drop trigger refuse on "${name}"`);
    }
  }

  /** As on a replica. Connections that are open are closed: the setting is for new ones. */
  async function whileReadOnly<T>(work: () => Promise<T>): Promise<T> {
    const name = new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
    const set = async (value: string) => {
      await admin.query(`alter database "${name}" set default_transaction_read_only = ${value}`);
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name like 'mini-compete%'`,
      );
    };
    await set("on");
    try {
      return await work();
    } finally {
      await set("off");
    }
  }

  return { tables, whileLocked, whileRefusing, whileReadOnly, close: () => admin.end() };
}
