import { rmSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Env, env } from "~/platform/env";
import { createPool } from "~/platform/postgres";
import { connect } from "~/platform/redis-connection";
import { findDatabases } from "../../scripts/launcher/databases.ts";
import { makeTemporaryFolder } from "../../scripts/services/places.ts";
import { pickPort } from "../../scripts/services/ports.ts";
import { type Certificates, makeCertificates } from "../support/certificates";
import { startThrowAwayPostgres, startThrowAwayRedis } from "../support/throw-away";

const before = { ...env() };
const plainUrl = before.DATABASE_URL;
const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
const hasIPv6 = all.some(({ address }) => address === "::1");
/** Hosts of URLs for this machine. */
const HOSTS = hasIPv6 ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"];
const PATIENCE = { timeout: 20_000, interval: 20 };

const folder = makeTemporaryFolder("tls");
let certificates: Certificates;
let postgres: Awaited<ReturnType<typeof startThrowAwayPostgres>>;
let redis: EncryptedRedis;
let sentinel: EncryptedRedis;
let node: EncryptedRedis;

beforeAll(async () => {
  certificates = makeCertificates(folder);
  [postgres, redis, sentinel, node] = await Promise.all([
    startEncryptedPostgres(),
    startEncryptedRedis(),
    startEncryptedRedis("--tls-replication", "yes", "--sentinel"),
    startClusterNode(),
  ]);
});
afterEach(() => use({}));
afterAll(async () => {
  await Promise.all([postgres, redis, sentinel, node].map((server) => server?.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** Changes settings, from what they were before. */
function use(settings: Partial<Env>): void {
  for (const name of Object.keys(env())) Reflect.deleteProperty(env(), name);
  Object.assign(env(), before, settings);
}

function startEncryptedPostgres() {
  const { cert, key } = certificates;
  const listen_addresses = hasIPv6 ? "127.0.0.1,::1" : "127.0.0.1";
  const settings = { listen_addresses, ssl: "on", ssl_cert_file: cert, ssl_key_file: key };
  return startThrowAwayPostgres({ settings });
}

type EncryptedRedis = Awaited<ReturnType<typeof startEncryptedRedis>>;

/** A Redis that takes encrypted connections on a second port. */
async function startEncryptedRedis(...more: string[]) {
  const tlsPort = await pickPort();
  const { ca, cert, key } = certificates;
  const files = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca];
  const args = ["--save", "", "--bind", "127.0.0.1", "-::1", "--tls-auth-clients", "no"];
  const port = ["--tls-port", String(tlsPort)];
  const service = await startThrowAwayRedis({ args: [...args, ...port, ...files, ...more] });
  const { password } = new URL(service.url);
  const operator = new Redis(service.url);
  return {
    ...{ url: service.url, password, tlsPort, operator },
    urlAt: (host: string) => `rediss://:${password}@${host}:${tlsPort}`,
    stop() {
      operator.disconnect();
      return service.stop();
    },
  };
}

/** A cluster of one. */
async function startClusterNode(): Promise<EncryptedRedis> {
  const bus = ["--cluster-port", String(await pickPort())];
  const cluster = ["--cluster-enabled", "yes", "--tls-cluster", "yes"];
  const node = await startEncryptedRedis(...cluster, ...bus, "--cluster-announce-ip", "127.0.0.1");
  await node.operator.cluster("ADDSLOTSRANGE", 0, 16_383);
  await vi.waitFor(async () => {
    expect(await node.operator.cluster("INFO")).toContain("cluster_state:ok");
  }, PATIENCE);
  return node;
}

describe("a connection to Postgres", () => {
  /** Whether the server says that it is encrypted. */
  async function isEncrypted(settings: Partial<Env>): Promise<boolean> {
    use(settings);
    const pool = createPool();
    try {
      const asked = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
      return (await pool.query<{ ssl: boolean }>(asked)).rows[0]?.ssl === true;
    } finally {
      await pool.end();
    }
  }
  const at = (query: string, host = "127.0.0.1") => {
    const url = new URL(postgres.url);
    url.host = `${host}:${url.port}`;
    url.search = query;
    return { DATABASE_URL: url.href };
  };

  test("is as encrypted as its URL and the environment ask for", async () => {
    const { ca } = certificates;
    expect(await isEncrypted(at(""))).toBe(false);
    expect(await isEncrypted({ ...at("sslmode=disable"), PGSSLMODE: "require" })).toBe(false);
    for (const query of [
      "sslmode=require",
      "sslmode=no-verify",
      "ssl=true",
      `sslmode=require&sslrootcert=${ca}`,
      `sslmode=verify-ca&sslrootcert=${ca}`,
      `sslmode=verify-full&sslrootcert=${ca}`,
      `sslmode=verify-full&sslrootcert=${ca}&sslnegotiation=direct`,
      `sslrootcert=${ca}`,
    ]) {
      expect(await isEncrypted(at(query)), query).toBe(true);
    }
    const variables = { PGSSLMODE: "verify-full", PGSSLROOTCERT: ca };
    expect(await isEncrypted({ ...at(""), ...variables })).toBe(true);
  });

  test("is refused with a server that another authority vouches for, or none", async () => {
    const { otherCa } = certificates;
    for (const query of [
      `sslmode=require&sslrootcert=${otherCa}`,
      `sslmode=verify-ca&sslrootcert=${otherCa}`,
      `sslmode=verify-full&sslrootcert=${otherCa}`,
      "sslmode=verify-full",
      "sslrootcert=system",
    ]) {
      await expect(isEncrypted(at(query)), query).rejects.toThrow(/certificate/i);
    }
  });

  test("is refused under another name only by verify-full", async () => {
    const query = (mode: string) => `sslmode=${mode}&sslrootcert=${certificates.ca}`;
    const wrong = isEncrypted(at(query("verify-full"), "localhost"));
    await expect(wrong).rejects.toThrow(/Host: localhost. is not in the cert's altnames/);
    expect(await isEncrypted(at(query("verify-ca"), "localhost"))).toBe(true);
  });

  test("is refused with a server that has no TLS", async () => {
    const asked = isEncrypted({ DATABASE_URL: `${plainUrl}?sslmode=require` });
    await expect(asked).rejects.toThrow("does not support SSL");
  });

  test.each(HOSTS)("goes to %s", async (host) => {
    const query = `sslmode=verify-full&sslrootcert=${certificates.ca}`;
    expect(await isEncrypted(at(query, host))).toBe(true);
  });
});

describe("a connection to Redis", () => {
  /** Says PING, once. */
  async function ping(settings: Partial<Env>): Promise<string> {
    use(settings);
    const client = connect({ retryStrategy: () => null, maxRetriesPerRequest: 0 });
    const failure = new Promise<never>((_resolve, reject) => void client.on("error", reject));
    try {
      return await Promise.race([client.ping(), failure]);
    } finally {
      client.disconnect();
    }
  }

  test("is encrypted, and trusts the authority that was named and no other", async () => {
    const { ca, otherCa } = certificates;
    for (const host of HOSTS) {
      expect(await ping({ REDIS_URL: redis.urlAt(host), REDIS_CA_FILE: ca })).toBe("PONG");
    }
    const REDIS_URL = redis.urlAt("127.0.0.1");
    await expect(ping({ REDIS_URL, REDIS_CA_FILE: otherCa })).rejects.toThrow(/certificate/);
    await expect(ping({ REDIS_URL })).rejects.toThrow(/certificate/);
    const elsewhere = { REDIS_URL: redis.urlAt("localhost"), REDIS_CA_FILE: ca };
    await expect(ping(elsewhere)).rejects.toThrow(/localhost. is not in the cert's altnames/);
  });

  test("shows a certificate of its own to a server that asks for one", async () => {
    const { ca, cert, key } = certificates;
    const without = { REDIS_URL: redis.urlAt("127.0.0.1"), REDIS_CA_FILE: ca };
    await redis.operator.config("SET", "tls-auth-clients", "yes");
    try {
      await expect(ping(without)).rejects.toThrow();
      const own = { REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key };
      expect(await ping({ ...without, ...own })).toBe("PONG");
    } finally {
      await redis.operator.config("SET", "tls-auth-clients", "no");
    }
  });

  test("of a cluster is encrypted to its nodes", async () => {
    const { ca, otherCa } = certificates;
    const nodes = { REDIS_URL: node.urlAt("127.0.0.1"), REDIS_CLUSTER: "on" } as const;
    expect(await ping({ ...nodes, REDIS_CA_FILE: ca })).toBe("PONG");
    await expect(ping({ ...nodes, REDIS_CA_FILE: otherCa })).rejects.toThrow();
  });

  test("by way of sentinels is encrypted to them and to the primary", async () => {
    const { operator, tlsPort, password } = sentinel;
    await operator.call("SENTINEL", "MONITOR", "seats", "127.0.0.1", redis.tlsPort, 1);
    await operator.call("SENTINEL", "SET", "seats", "auth-pass", redis.password);
    const { ca, otherCa } = certificates;
    const settings = {
      REDIS_SENTINEL_NAME: "seats",
      REDIS_SENTINEL_PASSWORD: password,
      REDIS_URL: `rediss://:${redis.password}@127.0.0.1:${tlsPort}`,
    };
    expect(await ping({ ...settings, REDIS_CA_FILE: ca })).toBe("PONG");
    await expect(ping({ ...settings, REDIS_CA_FILE: otherCa })).rejects.toThrow();
  });
});

test.each(HOSTS)("`up` and the operator's commands find servers at %s", async (host) => {
  const at = (url: string) => url.replace("127.0.0.1", host);
  const settings = { DATABASE_URL: at(postgres.url), REDIS_URL: at(redis.url) };
  const { urls } = await findDatabases({ settings, log: () => {} });
  expect(urls).toEqual(settings);
});
