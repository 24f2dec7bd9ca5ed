// PostgreSQL and Redis with their data in a folder, until SIGTERM. Prints their addresses.
import { join } from "node:path";
import { startPostgres } from "../../scripts/services/postgres.ts";
import { startRedis } from "../../scripts/services/redis.ts";

const [folder = ""] = process.argv.slice(2);
const services = [
  await startPostgres({ dataDir: join(folder, "postgres") }),
  await startRedis({ dataDir: join(folder, "redis") }),
];
process.once("SIGTERM", async () => {
  await Promise.all(services.map((service) => service.stop()));
  process.exit(0);
});
for (const { url } of services) console.log(url);
setInterval(() => {}, 60_000);
