import { runToEnd } from "./steps.mjs";

/**
 * Brings the database to the newest schema, and fills it when it is empty.
 * @param {object} options
 * @param {(name: "migrate" | "seed") => string[]} options.program arguments for node
 * @param {Record<string, string>} options.env
 * @param {(line: string) => void} options.log
 */
export async function prepareDatabase({ program, env, log }) {
  const migrated = await runToEnd({
    args: program("migrate"),
    env,
    failure: "The database could not be migrated",
  });
  log(`Migrations: ${onOneLine(migrated)}`);
  const seeded = await runToEnd({
    args: [...program("seed"), "--if-empty"],
    env,
    failure: "The seed data could not be written",
  });
  log(`Seed data: ${onOneLine(seeded)}`);
}

const onOneLine = (/** @type {string} */ text) => text.split("\n").join(", ");
