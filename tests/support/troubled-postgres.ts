import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { env } from "~/platform/env";
import { closeDatabase } from "~/platform/orm";
import { openPool } from "./databases";

/** A fault of Postgres' or of its settings', which the test begins and ends. */
export interface Trouble {
  reason: string;
  begin: string[];
  end: string[];
}

/**
 * Lets the application use the test file's database as a role of its own, of which, and of the
 * database, faults can be made.
 */
export async function troubledPostgres() {
  const url = new URL(process.env.DATABASE_URL ?? "");
  const name = url.pathname.slice(1);
  const role = `role_${randomBytes(5).toString("hex")}`;
  const options = "-c default_transaction_read_only=off";
  const operator = openPool({ connectionString: url.href, max: 2, options });
  const run = async (statements: string[]) => {
    for (const statement of statements) await operator.query(statement);
  };
  await run([
    `create role ${role} login password 'its-own'`,
    `grant all on all tables in schema public to ${role}`,
    `grant all on all sequences in schema public to ${role}`,
  ]);
  url.username = role;
  url.password = "its-own";

  const endConnections = `select pg_terminate_backend(pid) from pg_stat_activity
    where usename = '${role}'`;
  const readOnly = (value: string) =>
    `alter database "${name}" set default_transaction_read_only = ${value}`;
  /** As a server says it whose disk, or memory, has no room for this table. */
  const refusing = (code: string) => [
    `create or replace function refuse() returns trigger language plpgsql as $$
     begin raise exception 'no room' using errcode = '${code}'; end $$`,
    `create trigger refuse before insert on registration for each row execute function refuse()`,
  ];
  const mended = ["drop trigger refuse on registration"];

  /** Reading goes on, and so do the connections. */
  const ofWriting: Trouble[] = [
    {
      reason: "database_read_only",
      begin: [readOnly("on")],
      end: [readOnly("off")],
    },
    { reason: "database_full", begin: refusing("53100"), end: mended },
  ];
  const ofLogins: Trouble[] = [
    {
      reason: "database_login_refused",
      begin: [`alter role ${role} nologin`],
      end: [`alter role ${role} login`],
    },
    {
      reason: "database_too_many_connections",
      begin: [`alter role ${role} connection limit 0`],
      end: [`alter role ${role} connection limit -1`],
    },
  ];

  return {
    ofWriting,
    ofLogins,
    /** Begins a fault, for new connections, that the test's end ends. @returns ends it before */
    async begin({ begin, end }: Trouble): Promise<() => Promise<void>> {
      let isOver = false;
      const over = async () => {
        if (!isOver) await run(end);
        isOver = true;
      };
      onTestFinished(over);
      await run(begin);
      return over;
    },
    /** Ends the application's connections, as an operator would. */
    cut: () => run([endConnections]),
    /** From now on the application is that role, with connections of its own. */
    async use(): Promise<void> {
      await closeDatabase();
      env().DATABASE_URL = url.href;
    },
    async close(): Promise<void> {
      await closeDatabase();
      await run([endConnections, `drop owned by ${role}`, `drop role ${role}`]);
      await operator.end();
    },
  };
}
