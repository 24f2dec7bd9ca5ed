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
export async function findDatabases({ settings, log, folder }) {
  /** @type {import("../services/server.mjs").Service[]} */
  const services = [];
  const stop = async () => void (await Promise.all(services.map((service) => service.stop())));
  try {
    const DATABASE_URL =
      (await given("PostgreSQL", "DATABASE_URL", 5432)) ?? (await own("PostgreSQL", POSTGRES));
    const REDIS_URL = (await given("Redis", "REDIS_URL", 6379)) ?? (await own("Redis", REDIS));
    return { urls: { DATABASE_URL, REDIS_URL }, services, stop };
  } catch (error) {
    await stop();
    throw new Refusal(/** @type {Error} */ (error).message);
  }

  /**
   * @param {string} name
   * @param {"DATABASE_URL" | "REDIS_URL"} variable
   * @param {number} defaultPort
   */
  async function given(name, variable, defaultPort) {
    const url = settings[variable];
    if (!url) return null;
    const [first = ""] = url.split(",");
    const { hostname, port } = parseUrl(first, variable);
    const address = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || defaultPort) };
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
   * @param {string} name
   * @param {typeof POSTGRES} kind
   */
  async function own(name, { start, subfolder, preferredPort }) {
    const dataDir = join(folder ?? dataFolder(), subfolder);
    const service = await start({ dataDir, preferredPort, log });
    services.push(service);
    log(`${name}: ${service.how}, on port ${service.port}, data in ${dataDir}`);
    return service.url;
  }
}

const POSTGRES = { start: startPostgres, subfolder: "postgres", preferredPort: 25_432 };
const REDIS = { start: startRedis, subfolder: "redis", preferredPort: 26_399 };

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
