import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";
import { env } from "./env.server";
import { log } from "./log.server";
import { existing, forget, singleton } from "./singleton.server";

/** A request gives Redis this long, then goes on without it. Milliseconds. */
export const REDIS_TIMEOUT_MS = 500;
/** After a command was cut off, requests leave Redis alone for this long. Milliseconds. */
const SUSPENSION_MS = 1_000;

/** How long to wait before the next attempt to connect, in milliseconds. */
export function reconnectDelay(attempt: number): number {
  return Math.min(attempt * 50, 1_000);
}

/** What every connection to Redis shares: addresses from the URL, patient reconnecting. */
export function redisOptions(url = firstUrl()): RedisOptions {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db: Number(pathname.slice(1)) || 0,
    ...(protocol === "rediss:" ? { tls: {} } : {}),
    connectTimeout: 2_000,
    retryStrategy: reconnectDelay,
    // A replica that was promoted, or demoted, under us: connect anew and send the command again.
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 2 : false),
  };
}

/**
 * The request path's Redis: one connection that fails fast. Nothing queues while it is away, no
 * command waits longer than `REDIS_TIMEOUT_MS`, and commands of one tick travel together.
 */
export function redis(): Redis | Cluster {
  return singleton("redis", () => {
    const failFast: RedisOptions = {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: REDIS_TIMEOUT_MS,
      enableAutoPipelining: true,
    };
    const client = connect(failFast);
    client.on("error", (error: Error) => log.warn({ reason: error.message }, "redis connection"));
    client.on("ready", () => {
      connections.made++;
    });
    return client;
  });
}

/** How often this process found a Redis: each time it may be another one, or know old things. */
export function countRedisConnections(): number {
  return connections.made;
}

/** A connection as the settings describe it: a single server, a cluster, or sentinels. */
export function connect(options: RedisOptions = {}): Redis | Cluster {
  const urls = env().REDIS_URL;
  const { host, port, ...common } = redisOptions();
  if (env().REDIS_CLUSTER === "on") {
    const clusterOptions: ClusterOptions = {
      redisOptions: { ...common, ...options, db: 0 },
      enableOfflineQueue: options.enableOfflineQueue ?? true,
      enableAutoPipelining: options.enableAutoPipelining ?? false,
      slotsRefreshTimeout: 2_000,
      clusterRetryStrategy: reconnectDelay,
    };
    return new Cluster(urls.map(address), clusterOptions);
  }
  const sentinelName = env().REDIS_SENTINEL_NAME;
  if (sentinelName) {
    return new Redis({ ...common, ...options, sentinels: urls.map(address), name: sentinelName });
  }
  return new Redis({ ...common, host, port, ...options });
}

/**
 * Runs a command on the request path, or answers null when Redis is away, slow, read-only, out of
 * memory or otherwise of no use: the caller then takes the path without it.
 *
 * A null after a time-out says nothing about whether the command ran.
 */
export async function tryRedis<T>(command: (client: Redis | Cluster) => Promise<T>) {
  const client = redis();
  if (Date.now() < suspension.until) return null;
  if (client.status !== "ready" && !(await isReadySoon(client))) return null;
  try {
    return await command(client);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ reason }, "redis command");
    if (reason === "Command timed out") suspension.until = Date.now() + SUSPENSION_MS;
    return null;
  }
}

/** Whether the request path would use Redis at this moment. */
export function isRedisUsable(): boolean {
  return redis().status === "ready" && Date.now() >= suspension.until;
}

/** Prefix of every key, so that environments can share a server. */
export function keyPrefix(): string {
  return env().REDIS_PREFIX;
}

/** Closes the request path's connection if it was opened. */
export function closeRedis(): void {
  existing<Redis | Cluster>("redis")?.disconnect();
  forget("redis");
}

const connections = singleton("redis-connections", () => ({ made: 0 }));
const suspension = singleton("redis-suspension", () => ({ until: 0 }));

/** The first requests of a process come before its connection stands: all wait for it, once. */
async function isReadySoon(client: Redis | Cluster): Promise<boolean> {
  let first = firstConnection.get(client);
  if (!first) {
    first = new Promise((resolve) => {
      setTimeout(resolve, REDIS_TIMEOUT_MS).unref();
      client.once("ready", () => resolve());
    });
    firstConnection.set(client, first);
  }
  await first;
  return client.status === "ready";
}

const firstConnection = new WeakMap<Redis | Cluster, Promise<void>>();

function firstUrl(): string {
  return env().REDIS_URL[0] ?? "redis://127.0.0.1:6379";
}

function address(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 6379) };
}
