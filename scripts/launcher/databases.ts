import { join } from "node:path";
import { isSocket, parseDatabaseUrl } from "../../app/platform/database-url.ts";
import { parseRedisUrls } from "../../app/platform/redis-url.ts";
import { shellWord } from "../../app/platform/shell-word.ts";
import { dataFolder } from "../services/places.ts";
import { accepts } from "../services/ports.ts";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import type { Service } from "../services/server.ts";
import { Refusal } from "./session.ts";
import { orRefuse, type Settings } from "./settings.ts";

const POSTGRES = {
  name: "PostgreSQL",
  variable: "DATABASE_URL",
  addressOf: (settings: Settings) => {
    const { host, port = 5432 } = parseDatabaseUrl(settings.DATABASE_URL ?? "", settings);
    return isSocket(host) ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  },
  start: startPostgres,
  own: { dataDir: join(dataFolder, "postgres"), preferredPort: 25_432 },
};
const REDIS: typeof POSTGRES = {
  name: "Redis",
  variable: "REDIS_URL",
  addressOf: (settings) => {
    const [{ host, port } = { host: "", port: 0 }] = parseRedisUrls(
      settings.REDIS_URL ?? "",
    ).servers;
    return { host, port };
  },
  start: startRedis,
  own: { dataDir: join(dataFolder, "redis"), preferredPort: 26_399 },
};

/** How often we look whether our own servers still run, milliseconds. */
const LOOKED_EVERY_MS = 2_000;

/**
 * The PostgreSQL and the Redis that development and `up` use: those that the settings name, else
 * our own, whose data is kept.
 */
export async function findDatabases(options: { settings: Settings; log: (line: string) => void }) {
  const services: Service[] = [];
  let watching: NodeJS.Timeout | undefined;
  const stop = async () => {
    clearInterval(watching);
    await Promise.all(services.map((service) => service.stop()));
  };
  const names = new Map<Service, string>();
  const find = async (kind: typeof POSTGRES) => {
    const given = await findGiven(kind, options);
    if (given) return given;
    const service = await kind.start({ ...kind.own, log: options.log });
    services.push(service);
    names.set(service, kind.name);
    const data = shellWord(kind.own.dataDir);
    options.log(`${kind.name}: ${service.how}, on port ${service.port}, data in ${data}`);
    return service.url;
  };

  const [postgres, redis] = await Promise.allSettled([find(POSTGRES), find(REDIS)]);
  if (postgres.status === "fulfilled" && redis.status === "fulfilled") {
    const urls: Settings = { DATABASE_URL: postgres.value, REDIS_URL: redis.value };
    // Our own speaks no TLS, whatever the shell asks of other databases.
    // Migrations meant for another database must not run there.
    if (!options.settings.DATABASE_URL) {
      Object.assign(urls, { PGSSLMODE: "disable", MIGRATE_DATABASE_URL: "" });
    }
    watching = setInterval(() => tellOfDeaths(names, options.log), LOOKED_EVERY_MS).unref();
    return { urls, stop };
  }
  await stop();
  const failures = [postgres, redis].flatMap((found) => ("reason" in found ? found.reason : []));
  throw new Refusal(failures.map((error) => error.message).join("\n\n"));
}

/** Says once of each server that it is gone: unlike web and worker it is not started again. */
export function tellOfDeaths(
  names: Map<Pick<Service, "isRunning" | "pid">, string>,
  log: (line: string) => void,
): void {
  for (const [service, name] of names) {
    if (service.isRunning()) continue;
    names.delete(service);
    log(`${name} (process ${service.pid}) ended. To have it again: Ctrl-C, then start again`);
  }
}

/** The address that the settings name, when something answers there. */
async function findGiven(
  { name, variable, addressOf }: typeof POSTGRES,
  { settings, log }: { settings: Settings; log: (line: string) => void },
): Promise<string | null> {
  const url = settings[variable];
  if (!url) return null;
  const address = orRefuse(() => addressOf(settings));
  if (!(await accepts(address))) {
    const where = "path" in address ? address.path : `${address.host}:${address.port}`;
    throw new Refusal(
      `${variable}: nothing answers at ${where}.\n` +
        `  Start it, correct the address, or unset ${variable}: then one is started here.`,
    );
  }
  log(`${name}: ${withoutPassword(url)} (${variable})`);
  return url;
}

/**
 * @param urls one, or several with commas; a password may hold anything but a slash, a question
 *   mark or a hash, at which a URL's host ends
 */
export function withoutPassword(urls: string): string {
  return urls
    .replaceAll(/:\/\/([^:/?#]*):[^/?#]*@/g, "://$1:…@")
    .replaceAll(/([?&]password=)[^&#]*/g, "$1…");
}
