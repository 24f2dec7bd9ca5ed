// PostgreSQL and Redis until Ctrl-C: `node scripts/services.mjs [folder for their data]`.
// Standard output is their addresses in the form of a .env file, once both answer.
import { resolve } from "node:path";
import { findDatabases } from "./bootstrap/databases.mjs";
import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { runUntilInterrupt } from "./bootstrap/session.mjs";
import { watchServices } from "./bootstrap/watch-services.mjs";

const [folder] = process.argv.slice(2);

await runUntilInterrupt(
  async ({ log, onStop, interrupted }) => {
    await ensureDependencies({ log });
    const databases = await findDatabases({
      settings: {},
      folder: folder && resolve(folder),
      log,
    });
    onStop(databases.stop);
    for (const [name, url] of Object.entries(databases.urls)) console.log(`${name}=${url}`);
    await watchServices(databases.services, { log, until: interrupted });
  },
  { log: console.error },
);
