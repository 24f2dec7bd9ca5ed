/**
 * The same server, another database.
 * @param {string} url
 * @param {string} name
 */
export function urlOfDatabase(url, name) {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/**
 * Makes a database, empty or as a copy of another that nobody is connected to.
 * @param {{ serverUrl: string, name: string, template?: string }} options
 * @returns {Promise<string>} its URL
 */
export async function createDatabase({ serverUrl, name, template }) {
  const copy = template ? ` template "${template}"` : "";
  await execute(serverUrl, `create database "${name}"${copy}`);
  return urlOfDatabase(serverUrl, name);
}

/**
 * Removes a database, and ends whatever is still connected to it.
 * @param {{ serverUrl: string, name: string }} options
 */
export function dropDatabase({ serverUrl, name }) {
  return execute(serverUrl, `drop database if exists "${name}" with (force)`);
}

/**
 * @param {string} serverUrl
 * @param {string} sql
 */
async function execute(serverUrl, sql) {
  // Imported late: the program that installs the dependencies imports this file.
  const { MikroORM } = await import("@mikro-orm/postgresql");
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
