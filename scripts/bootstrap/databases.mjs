import { join } from "node:path";
import { startPostgres, startRedis } from "../services/index.mjs";
import { dataFolder } from "../services/places.mjs";
import { accepts } from "../services/ports.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * The PostgreSQL and the Redis that development and `up` use: those that the settings name, else
 * our own, whose data is kept.
 * @param {object} options
 * @param {Record<string, string>} options.settings
 * @param {(line: string) => void} options.log
 * @param {string} [options.folder] for the data of our own
 * @returns {Promise<{ urls: { DATABASE_URL: string, REDIS_URL: string },
 *   services: import("../services/server.mjs").Service[], stop: () => Promise<void> }>}
 */
export async function findDatabases({ settings, log, folder = dataFolder() }) {
  /** @type {import("../services/server.mjs").Service[]} */
  const services = [];
  const stop = async () => void (await Promise.all(services.map((service) => service.stop())));
  const find = async (/** @type {typeof POSTGRES} */ kind) => {
    const given = await findGiven(kind, { settings, log });
    if (given) return given;
    const dataDir = join(folder, kind.subfolder);
    const service = await kind.start({ dataDir, preferredPort: kind.preferredPort, log });
    services.push(service);
    log(`${kind.name}: ${service.how}, on port ${service.port}, data in ${dataDir}`);
    return service.url;
  };

  const [postgres, redis] = await Promise.allSettled([find(POSTGRES), find(REDIS)]);
  if (postgres.status === "fulfilled" && redis.status === "fulfilled") {
    return { urls: { DATABASE_URL: postgres.value, REDIS_URL: redis.value }, services, stop };
  }
  await stop();
  const failures = [postgres, redis].flatMap((found) => ("reason" in found ? found.reason : []));
  throw new Refusal(failures.map((error) => error.message).join("\n\n"));
}

const POSTGRES = {
  name: "PostgreSQL",
  variable: "DATABASE_URL",
  usualPort: 5432,
  start: startPostgres,
  subfolder: "postgres",
  preferredPort: 25_432,
};

const REDIS = {
  name: "Redis",
  variable: "REDIS_URL",
  usualPort: 6379,
  start: startRedis,
  subfolder: "redis",
  preferredPort: 26_399,
};

/**
 * The address that the settings name, when something answers there.
 * @param {typeof POSTGRES} kind
 * @param {{ settings: Record<string, string>, log: (line: string) => void }} options
 * @returns {Promise<string | null>}
 */
async function findGiven({ name, variable, usualPort }, { settings, log }) {
  const url = settings[variable];
  if (!url) return null;
  const [first = ""] = url.split(",");
  const { hostname, port } = parseUrl(first, variable);
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

/**
 * @param {string} url
 * @param {string} variable
 */
function parseUrl(url, variable) {
  try {
    return new URL(url);
  } catch {
    throw new Refusal(`${variable}: "${withoutPassword(url)}" is no URL.`);
  }
}

/** @param {string} urls one, or several with commas */
export function withoutPassword(urls) {
  return urls.replaceAll(/\/\/([^:@/,]*):[^@/,]*@/g, "//$1:…@");
}
