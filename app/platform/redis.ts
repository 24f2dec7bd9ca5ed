import { Cluster, type Redis, type RedisOptions } from "ioredis";
import { env } from "./env";
import { reasonOf } from "./error-facts";
import { connect } from "./redis-connection";
import { noteRedisFailure, noteRedisSuccess } from "./redis-outage";
import { existing, forget, singleton } from "./singleton";

/** A request gives Redis this long, then goes on without it. Milliseconds. */
export const REDIS_TIMEOUT_MS = 500;
/** A connection that is silent for this long is replaced, perhaps by one to another server. */
const SILENCE_MS = 1_500;
/** After a command was cut off, requests leave Redis alone for this long. Milliseconds. */
const SUSPENSION_MS = 1_000;

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
      socketTimeout: SILENCE_MS,
      enableAutoPipelining: true,
    };
    const client = connect(failFast);
    client.on("error", (error) => noteRedisFailure(error, "redis connection"));
    // A cluster's client is "ready" only once; later it finds new nodes, or old ones again.
    for (const event of ["ready", "+node"]) client.on(event, () => connections.made++);
    return client;
  });
}

/**
 * Names the present connection. The name changes whenever this process reconnects, or a cluster's
 * slots move: the server that it talks to from then on may have old data.
 */
export function redisConnection(): string {
  const client = redis();
  if (!(client instanceof Cluster)) return String(connections.made);
  const addresses = primaries(client).map(({ options }) => `${options.host}:${options.port}`);
  return [connections.made, ...addresses.sort()].join(" ");
}

/** Whether this process has connected only once, and so has never lost Redis. */
export function isFirstConnection(): boolean {
  return connections.made <= 1;
}

/** Every server that takes writes: the only one, or a cluster's primaries. */
export function primaries(client: Redis | Cluster): Redis[] {
  return client instanceof Cluster ? client.nodes("master") : [client];
}

/**
 * Runs a command on the request path, or returns null when Redis is away, slow, read-only, out of
 * memory or otherwise unusable: the caller then goes on without it.
 *
 * A null after a time-out says nothing about whether the command ran.
 */
export async function tryRedis<T>(command: (client: Redis | Cluster) => Promise<T>) {
  const client = redis();
  if (performance.now() < suspension.until) return null;
  if (client.status !== "ready" && !(await isReadySoon(client))) return null;
  try {
    const answer = await command(client);
    void noteRedisSuccess(() => writeAnything(client));
    return answer;
  } catch (error) {
    noteRedisFailure(error, "redis command");
    if (reasonOf(error) === "Command timed out")
      suspension.until = performance.now() + SUSPENSION_MS;
    return null;
  }
}

/** How long what was written to see whether Redis takes it stays there, milliseconds. */
const KEPT_MS = 1_000;

/** Writes something that nobody reads. */
export function writeAnything(client: Redis | Cluster): Promise<unknown> {
  return client.set(`${keyPrefix()}:takes-writes`, "1", "PX", KEPT_MS);
}

/** Whether the request path would use Redis at this moment. */
export function isRedisUsable(): boolean {
  return redis().status === "ready" && performance.now() >= suspension.until;
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

/** The first requests of a process arrive before its connection is open: all wait for it, once. */
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
