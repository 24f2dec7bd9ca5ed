import { BadEnvironment } from "./bad-environment.ts";
import { parseServerUrl } from "./server-url.ts";

/** REDIS_URL taken apart: one server, or nodes of a cluster, or sentinels. */
export interface RedisAddress {
  servers: { host: string; port: number }[];
  /** As in the first URL. */
  user: string | undefined;
  password: string | undefined;
  db: number;
  /** Whether all connections are encrypted. */
  tls: boolean;
}

/**
 * Reads REDIS_URL: URLs with commas between.
 *
 * @throws BadEnvironment naming what is not supported
 */
export function parseRedisUrls(text: string): RedisAddress {
  const setting = "REDIS_URL";
  const bad = (why: string) => new BadEnvironment(`${setting}: ${why}`);
  const urls = text
    .split(",")
    .map((part) =>
      parseServerUrl(part.trim(), { setting, protocols: ["redis:", "rediss:"], known: [] }),
    );
  const [first] = urls;
  if (!first) throw bad("must be a URL");
  const db = first.path || "0";
  if (!/^\d{1,4}$/.test(db)) throw bad(`"${db}" is no number of a database`);
  if (urls.some(({ protocol }) => protocol !== first.protocol)) {
    throw bad("one kind of connection for all: redis:// or rediss://");
  }
  return {
    servers: urls.map(({ host, port = 6379 }) => ({ host: host || "127.0.0.1", port })),
    user: first.user,
    password: first.password,
    db: Number(db),
    tls: first.protocol === "rediss:",
  };
}
