import { Cluster, type Redis } from "ioredis";
import { reasonOf } from "~/platform/error-facts";
import { primaries } from "~/platform/redis";
import { connect } from "~/platform/redis-connection";
import type { RedisFacts } from "./judge-redis";

type Found =
  | { status: "answers"; servers: { facts: RedisFacts; clockMs: number | null }[] }
  | { status: "refuses" | "away"; reason: string };

/** How long the first connection may take, milliseconds. */
const PATIENCE_MS = 4_000;

/** Asks every server of Redis that takes writes about itself. */
export async function lookAtRedis(): Promise<Found> {
  const client = connect({ maxRetriesPerRequest: 1, commandTimeout: PATIENCE_MS });
  const errors: unknown[] = [];
  client.on("error", (error) => errors.push(error));
  try {
    await ready(client);
    return { status: "answers", servers: await Promise.all(primaries(client).map(ask)) };
  } catch (error) {
    const first = errors.at(-1) ?? error;
    const reason = reasonOf(first);
    const isRefused = /WRONGPASS|NOAUTH|NOPERM/.test(reason);
    return { status: isRefused ? "refuses" : "away", reason };
  } finally {
    client.disconnect();
  }
}

async function ready(client: Redis | Cluster): Promise<void> {
  if (client.status === "ready") return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE_MS, new Error("no answer"));
    client.once("ready", () => {
      clearTimeout(timer);
      resolve();
    });
    client.once("error", (error: Error) => {
      clearTimeout(timer);
      // A cluster's client goes on to the next node.
      if (!(client instanceof Cluster)) reject(error);
    });
  });
}

async function ask(server: Redis) {
  const clockMs = await askClock(server);
  const info = await orNull(server.info());
  const of = (name: string) => info && (new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? null);
  const config = await orNull(server.config("GET", "maxmemory-policy"));
  const policy = Array.isArray(config) ? String(config[1] ?? "") || null : null;
  const numberOf = (name: string) => (of(name) ? Number(of(name)) : null);
  const aof = of("aof_enabled");
  const facts: RedisFacts = {
    product: of("server_name") ?? (info ? "redis" : null),
    version: of("valkey_version") ?? of("redis_version"),
    policy: of("maxmemory_policy") ?? policy,
    maxMemory: numberOf("maxmemory"),
    usedMemory: numberOf("used_memory"),
    isAppending: aof === null ? null : aof === "1",
    isReplica: of("role") === null ? null : of("role") === "slave",
  };
  return { facts, clockMs };
}

async function askClock(server: Redis): Promise<number | null> {
  const before = Date.now();
  const answer = await orNull(server.time());
  if (!answer) return null;
  const [seconds = 0, microseconds = 0] = answer.map(Number);
  return seconds * 1_000 + microseconds / 1_000 - (before + Date.now()) / 2;
}

/** Managed servers refuse some commands: that is no failure, only an answer that we have not. */
function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (/^ReplyError: (?!NOAUTH|WRONGPASS|LOADING)/.test(String(error))) return null;
    throw error;
  });
}
