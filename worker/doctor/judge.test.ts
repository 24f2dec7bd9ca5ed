import { describe, expect, test } from "vitest";
import { parseEnv } from "~/platform/env";
import { report } from "../ops/doctor";
import { judgeClock, judgeEncryption, judgePassword } from "./judge-connections";
import { judgePostgres, type PoolFacts, type PostgresFacts } from "./judge-postgres";
import { judgeRedis, type RedisFacts } from "./judge-redis";
import { judgeSettings } from "./judge-settings";
import { judgeSender, judgeSmtp, type SmtpFacts } from "./judge-smtp";
import { advice, bad, good, type Verdict } from "./verdict";

/** The verdicts that are not good, as `check: verdict`. */
function worse(verdicts: Verdict | Verdict[]): string[] {
  const all = [verdicts].flat();
  for (const { verdict, mend } of all) expect(mend !== undefined).toBe(verdict !== "good");
  return all
    .filter(({ verdict }) => verdict !== "good")
    .map(({ check, verdict }) => `${check}: ${verdict}`);
}

describe("Postgres", () => {
  const facts: PostgresFacts = {
    version: 180_004,
    role: "app",
    isSuperuser: false,
    isOwner: false,
    missingRights: [],
    areMigrationsCurrent: true,
    isReadOnly: false,
    fsync: "on",
    synchronousCommit: "on",
    isThroughBouncer: false,
    connections: 100,
    connectionsInUse: 5,
  };
  const pool: PoolFacts = { poolMax: 10, webProcesses: 2, hasOwnMigrationRole: true };

  test("in order is good", () => {
    expect(worse(judgePostgres(facts, pool))).toEqual([]);
  });

  test.each<[Partial<PostgresFacts>, string]>([
    [{ version: 130_010 }, "Postgres version: bad"],
    [{ version: 160_002 }, "Postgres version: advice"],
    [{ version: 190_000 }, "Postgres version: advice"],
    [{ areMigrationsCurrent: false }, "Migrations: bad"],
    [{ missingRights: ["update on seat"] }, "Postgres rights: bad"],
    [{ isSuperuser: true }, "Postgres rights: advice"],
    [{ isOwner: true }, "Postgres rights: advice"],
    [{ isReadOnly: true }, "Postgres writes: bad"],
    [{ fsync: "off" }, "Postgres writes: bad"],
    [{ synchronousCommit: "off" }, "Postgres writes: bad"],
    [{ connections: 39 }, "Connections: bad"],
    [{ connectionsInUse: 80 }, "Connections: advice"],
    [{ isThroughBouncer: true, connections: 20 }, "Connections: advice"],
  ])("with %o: %s", (changed, verdict) => {
    expect(worse(judgePostgres({ ...facts, ...changed }, pool))).toEqual([verdict]);
  });

  test("exactly as many connections as there are is enough", () => {
    expect(worse(judgePostgres({ ...facts, connections: 40 }, pool))).toEqual([]);
  });
});

describe("Redis", () => {
  const facts: RedisFacts = {
    product: "valkey",
    version: "8.1.4",
    policy: "noeviction",
    maxMemory: 0,
    usedMemory: 1_000,
    isAppending: true,
    isReplica: false,
  };

  test("in order is good", () => {
    expect(worse(judgeRedis(facts))).toEqual([]);
  });

  test.each<[Partial<RedisFacts>, string]>([
    [{ policy: "allkeys-lru" }, "Redis eviction: bad"],
    [{ policy: null }, "Redis eviction: advice"],
    [{ product: "redis", version: "6.2.14" }, "Redis version: advice"],
    [{ product: "redis", version: "5.0.7" }, "Redis version: bad"],
    [{ version: null }, "Redis version: advice"],
    [{ isAppending: false }, "Redis persistence: advice"],
    [{ isAppending: null }, "Redis persistence: advice"],
    [{ maxMemory: 1_100 }, "Redis memory: advice"],
    [{ maxMemory: 900 }, "Redis memory: bad"],
    [{ isReplica: true }, "Redis role: bad"],
  ])("with %o: %s", (changed, verdict) => {
    expect(worse(judgeRedis({ ...facts, ...changed }))).toEqual([verdict]);
  });

  test("eviction is judged by its name, and each of several servers has a number", () => {
    const [, policy] = judgeRedis({ ...facts, policy: "volatile-ttl" }, " 2");
    expect(policy).toMatchObject({
      check: "Redis eviction 2",
      mend: expect.stringContaining("noeviction"),
    });
  });
});

describe("connections", () => {
  const plain = { service: "Redis", isEncrypted: false, isVerified: false, setting: "rediss://" };

  test.each([
    ["127.0.0.1", []],
    ["/run/postgresql", []],
    ["redis", ["Redis TLS: advice"]],
    ["10.0.0.7", ["Redis TLS: advice"]],
    ["[fd00::7]", ["Redis TLS: advice"]],
    ["redis.prod.svc", ["Redis TLS: advice"]],
    ["redis.example.com", ["Redis TLS: bad"]],
    ["203.0.113.7", ["Redis TLS: advice"]],
    ["8.8.8.8", ["Redis TLS: bad"]],
  ])("without TLS to %s: %o", (host, verdicts) => {
    expect(worse(judgeEncryption({ ...plain, hosts: [host] }))).toEqual(verdicts);
  });

  test("TLS whose certificate nobody checks is advice, and good where it is checked", () => {
    const encrypted = { ...plain, hosts: ["redis.example.com"], isEncrypted: true };
    expect(worse(judgeEncryption(encrypted))).toEqual(["Redis TLS: advice"]);
    expect(worse(judgeEncryption({ ...encrypted, isVerified: true }))).toEqual([]);
  });

  test.each([
    [0, []],
    [-900, []],
    [-2_000, ["Redis clock: advice"]],
    [60_000, ["Redis clock: bad"]],
    [null, ["Redis clock: advice"]],
  ])("a clock that is %s ms ahead: %o", (ms, verdicts) => {
    expect(worse(judgeClock("Redis", ms))).toEqual(verdicts);
  });

  test.each([
    ["db.example.com", "mini_compete", ["Postgres password: bad"]],
    ["db.example.com", "app", ["Postgres password: bad"]],
    ["127.0.0.1", "postgres", ["Postgres password: advice"]],
    ["db.example.com", "Zq8hLw0xKd3", []],
    ["db.example.com", undefined, []],
  ])("to %s with the password %s: %o", (host, password, verdicts) => {
    const given = { service: "Postgres", hosts: [host], user: "app", password };
    expect(worse(judgePassword(given))).toEqual(verdicts);
  });

  test("a Redis elsewhere has a password", () => {
    const given = { service: "Redis", user: undefined, password: undefined };
    expect(worse(judgePassword({ ...given, hosts: ["redis"] }))).toEqual([
      "Redis password: advice",
    ]);
    expect(worse(judgePassword({ ...given, hosts: ["127.0.0.1"] }))).toEqual([]);
  });
});

describe("mail", () => {
  test.each<[SmtpFacts, string[]]>([
    [{ status: "unset" }, []],
    [{ status: "accepted", hasLoggedIn: true, isEncrypted: true }, []],
    [{ status: "no_password", isEncrypted: true }, ["SMTP: advice"]],
    [{ status: "unreachable", reason: "connect ECONNREFUSED" }, ["SMTP: bad"]],
    [{ status: "no_tls", reason: "self-signed certificate" }, ["SMTP: bad"]],
    [{ status: "refused_login", reason: "535" }, ["SMTP: bad"]],
    [{ status: "failed", reason: "554 at CONN" }, ["SMTP: bad"]],
  ])("%o: %o", (facts, verdicts) => {
    expect(worse(judgeSmtp(facts))).toEqual(verdicts);
  });

  test("comes from an address that can exist", () => {
    expect(worse(judgeSender("A <a@mini.example>", true))).toEqual(["MAIL_FROM: advice"]);
    expect(worse(judgeSender("A <a@mini.example>", false))).toEqual([]);
    expect(worse(judgeSender("A <a@example.com>", true))).toEqual([]);
  });
});

describe("settings", () => {
  const secrets = {
    SESSION_SECRET: "5f0c1f6b7a9d4e2388c1b7d0a6e3f492",
    JWT_SECRET: "c98e21d7405b4f6fa1d3908b6e7c25fa",
  };
  const settings = { ...secrets, PUBLIC_URL: "https://compete.example.com", TRUST_PROXY: "1" };

  test.each<[Record<string, string>, string[]]>([
    [{}, []],
    [{ SESSION_SECRET: "", JWT_SECRET: "" }, ["Secrets: advice"]],
    [{ SESSION_SECRET: "change-me" }, ["Secrets: bad"]],
    [{ JWT_SECRET: secrets.SESSION_SECRET }, ["Secrets: bad"]],
    [{ JWT_SECRET: "" }, ["Secrets: bad"]],
    [{ SESSION_SECRET: "x", NODE_ENV: "development" }, ["NODE_ENV: advice", "Secrets: advice"]],
    [{ PUBLIC_URL: "" }, ["PUBLIC_URL: advice"]],
    [{ PUBLIC_URL: "http://compete.example.com" }, ["PUBLIC_URL: bad"]],
    [{ TRUST_PROXY: "off" }, ["PUBLIC_URL: advice"]],
    [{ RATE_LIMITS: "off" }, ["RATE_LIMITS: advice"]],
  ])("with %o: %o", (changed, verdicts) => {
    const given = parseEnv({ ...settings, ...changed });
    expect(worse(judgeSettings(given, "24.1.0"))).toEqual(verdicts);
  });

  test("Node is as old as it may be", () => {
    expect(worse(judgeSettings(parseEnv(settings), "22.9.0"))).toEqual(["Node version: bad"]);
    expect(worse(judgeSettings(parseEnv(settings), "26.0.0"))).toEqual(["Node version: advice"]);
  });
});

test("advice alone ends with 0, anything bad with 1, and both say how to mend it", () => {
  const table = (_head: string[], rows: string[][]) => rows.map((row) => row.join("|")).join("\n");
  const fine = [good("A", "Yes."), advice("B", "Perhaps.", "Do this.")];
  expect(report(fine, table)).toMatchObject({ exitCode: 0, data: { status: "advice" } });
  const broken = report([...fine, bad("C", "No.", "Do that.")], table);
  expect(broken).toMatchObject({
    exitCode: 1,
    data: { status: "bad", counts: { good: 1, advice: 1, bad: 1 } },
  });
  expect(broken.text).toBe(
    "A|good|Yes.\nB|advice|Perhaps.\n||→ Do this.\nC|bad|No.\n||→ Do that.\n\n1 good, 1 with advice, 1 bad.",
  );
});
