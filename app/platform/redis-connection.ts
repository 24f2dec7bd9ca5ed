import { Cluster, Redis, type RedisOptions } from "ioredis";
import { env, redisTls } from "./env";
import { parseRedisUrls } from "./redis-url";

/** A server that is silent this long is given up; longer than a queue's worker waits for a job. */
const SILENCE_MS = 15_000;
/** How often a cluster's client asks who has which slots, milliseconds. */
const SLOTS_ASKED_MS = 1_000;
/** How often a command that must not wait may be sent on to another node. */
const FEW_REDIRECTIONS = 4;
/** The same for one that waits for a promotion, at a tenth of a second each time. */
const MANY_REDIRECTIONS = 1_000;

/**
 * A connection as the settings describe it: a single server, a cluster, or the primary that the
 * sentinels name.
 */
export function connect(options: RedisOptions = {}): Redis | Cluster {
  if (env().REDIS_CLUSTER === "on") return connectCluster(options);
  return new Redis({ ...redisOptions(), ...options });
}

/** What every connection shares: addresses from the URLs, patient reconnecting. */
export function redisOptions() {
  const { servers, user, password, db, tls: isEncrypted } = parseRedisUrls(env().REDIS_URL);
  const tls = isEncrypted ? { tls: redisTls(env()) } : {};
  const common = {
    username: user,
    password,
    db,
    ...tls,
    connectTimeout: 2_000,
    // A primary whose host is gone closes no connection: ask again who the primary is.
    socketTimeout: SILENCE_MS,
    retryStrategy: reconnectDelay,
    // A replica was promoted, or demoted, under us: connect again and resend the command.
    reconnectOnError: ({ message }) => (message.startsWith("READONLY") ? 2 : false),
  } satisfies RedisOptions;
  const { REDIS_SENTINEL_NAME: name, REDIS_SENTINEL_PASSWORD: sentinelPassword } = env();
  if (!name) return { ...common, ...servers[0] };
  return {
    ...common,
    sentinels: servers,
    name,
    sentinelPassword,
    sentinelCommandTimeout: 2_000,
    ...(tls.tls && { enableTLSForSentinelMode: true, sentinelTLS: tls.tls }),
  } satisfies RedisOptions;
}

/** How long to wait before the next attempt to connect, in milliseconds. */
function reconnectDelay(attempt: number): number {
  return Math.min(attempt * 50, 1_000);
}

/**
 * A cluster's client. Without a queue it does not wait for a promotion either: its commands fail at
 * once while a primary is away, and work again when the replica that took over is known.
 */
function connectCluster(options: RedisOptions): Cluster {
  const { host: _host, port: _port, ...common }: RedisOptions = redisOptions();
  const { enableOfflineQueue = true, enableAutoPipelining = false } = options;
  const failFast = {
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: FEW_REDIRECTIONS,
  };
  return new Cluster(parseRedisUrls(env().REDIS_URL).servers, {
    redisOptions: { ...common, ...options, db: 0 },
    enableOfflineQueue,
    enableAutoPipelining,
    clusterRetryStrategy: reconnectDelay,
    slotsRefreshTimeout: 2_000,
    slotsRefreshInterval: SLOTS_ASKED_MS,
    ...(enableOfflineQueue ? { maxRedirections: MANY_REDIRECTIONS } : failFast),
    // Certificates name hosts, not addresses.
    ...(common.tls && { dnsLookup: (host, found) => found(null, host) }),
  });
}
