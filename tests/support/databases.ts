import { Client, Pool, type PoolConfig } from "pg";

/** The same server, another database. */
export function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/**
 * Makes a database, empty or as a copy of another that nobody is connected to.
 *
 * @returns its URL
 */
export async function createDatabase({
  serverUrl,
  name,
  template,
}: {
  serverUrl: string;
  name: string;
  template?: string;
}): Promise<string> {
  const copy = template ? ` template "${template}"` : "";
  await execute(serverUrl, `create database "${name}"${copy}`);
  return urlOfDatabase(serverUrl, name);
}

/** Removes a database, and ends whatever is still connected to it. */
export function dropDatabase({ serverUrl, name }: { serverUrl: string; name: string }) {
  return execute(serverUrl, `drop database if exists "${name}" with (force)`);
}

/**
 * Connections past the product's. Its `end` does not wait until the server has heard of it, so the
 * removal of the database may still end them: that, as any other end of one, ends no more than it.
 */
export function openPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  return pool;
}

async function execute(serverUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
