import { join } from "node:path";
import { dataFolder } from "../services/places.ts";
import { accepts } from "../services/ports.ts";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import type { Service } from "../services/server.ts";
import { Refusal } from "./session.ts";
import type { Settings } from "./settings.ts";

const POSTGRES = {
  name: "PostgreSQL",
  variable: "DATABASE_URL",
  usualPort: 5432,
  start: startPostgres,
  own: { dataDir: join(dataFolder, "postgres"), preferredPort: 25_432 },
};
const REDIS: typeof POSTGRES = {
  name: "Redis",
  variable: "REDIS_URL",
  usualPort: 6379,
  start: startRedis,
  own: { dataDir: join(dataFolder, "redis"), preferredPort: 26_399 },
};

/**
 * The PostgreSQL and the Redis that development and `up` use: those that the settings name, else
 * our own, whose data is kept.
 */
export async function findDatabases(options: { settings: Settings; log: (line: string) => void }) {
  const services: Service[] = [];
  const stop = async () => void (await Promise.all(services.map((service) => service.stop())));
  const find = async (kind: typeof POSTGRES) => {
    const given = await findGiven(kind, options);
    if (given) return given;
    const service = await kind.start({ ...kind.own, log: options.log });
    services.push(service);
    options.log(
      `${kind.name}: ${service.how}, on port ${service.port}, data in ${kind.own.dataDir}`,
    );
    return service.url;
  };

  const [postgres, redis] = await Promise.allSettled([find(POSTGRES), find(REDIS)]);
  if (postgres.status === "fulfilled" && redis.status === "fulfilled") {
    return { urls: { DATABASE_URL: postgres.value, REDIS_URL: redis.value }, stop };
  }
  await stop();
  const failures = [postgres, redis].flatMap((found) => ("reason" in found ? found.reason : []));
  throw new Refusal(failures.map((error) => error.message).join("\n\n"));
}

/** The address that the settings name, when something answers there. */
async function findGiven(
  { name, variable, usualPort }: typeof POSTGRES,
  { settings, log }: { settings: Settings; log: (line: string) => void },
): Promise<string | null> {
  const url = settings[variable];
  if (!url) return null;
  const [first = ""] = url.split(",");
  if (!URL.canParse(first)) throw new Refusal(`${variable}: "${withoutPassword(url)}" is no URL.`);
  const { hostname, port } = new URL(first);
  const address = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || usualPort) };
  if (!(await accepts(address))) {
    throw new Refusal(
      `${variable}: nothing answers at ${hostname}:${address.port}.\n` +
        `  Start it, correct the address, or unset ${variable}: then one is started here.`,
    );
  }
  log(`${name}: ${withoutPassword(url)} (${variable})`);
  return url;
}

/** @param urls one, or several with commas */
export function withoutPassword(urls: string): string {
  return urls.replaceAll(/\/\/([^:@/,]*):[^@/,]*@/g, "//$1:…@");
}
