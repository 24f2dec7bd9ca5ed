// Postgres and Redis in the foreground, until Ctrl-C: `node scripts/services.mjs [folder]`.
// Prints their URLs in the form of a .env file.
import { resolve } from "node:path";
import { startPostgres, startRedis } from "./services/index.mjs";
import { dataFolder } from "./services/places.mjs";

const folder = process.argv[2] ? resolve(process.argv[2]) : dataFolder();
const log = (/** @type {string} */ line) => console.error(line);

const postgres = await startPostgres({ dataDir: `${folder}/postgres`, preferredPort: 25_432, log });
log(`PostgreSQL: ${postgres.how}`);
const redis = await startRedis({ dataDir: `${folder}/redis`, preferredPort: 26_399, log });
log(`Redis: ${redis.how}`);
console.log(`DATABASE_URL=${postgres.url}\nREDIS_URL=${redis.url}`);

const keepAlive = setInterval(() => {}, 60_000);
let stopping = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, async () => {
    // npm passes on the Ctrl-C that the terminal has already sent.
    if (stopping) return;
    stopping = true;
    await Promise.all([redis.stop(), postgres.stop()]);
    clearInterval(keepAlive);
  });
}
