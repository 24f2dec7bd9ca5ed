import { MikroORM } from "@mikro-orm/postgresql";

/** The same server, another database. */
export function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Makes a database as a copy of another, which nobody may be connected to. */
export function createDatabase({
  serverUrl,
  name,
  template,
}: {
  serverUrl: string;
  name: string;
  template?: string;
}): Promise<void> {
  const copy = template ? ` template "${template}"` : "";
  return execute(serverUrl, `create database "${name}"${copy}`);
}

/** Removes a database, and ends whatever is still connected to it. */
export function dropDatabase({
  serverUrl,
  name,
}: {
  serverUrl: string;
  name: string;
}): Promise<void> {
  return execute(serverUrl, `drop database if exists "${name}" with (force)`);
}

async function execute(serverUrl: string, sql: string): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: serverUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: 1 },
  });
  try {
    await orm.em.getConnection().execute(sql);
  } finally {
    await orm.close(true);
  }
}
