import { describe, expect, test } from "vitest";
import { BadEnvironment } from "./bad-environment";
import { parseDatabaseUrl } from "./database-url";
import { parseEnv } from "./env";
import { parseRedisUrls } from "./redis-url";
import { parseSmtpUrl } from "./smtp-url";

describe("the environment", () => {
  test("has a default for everything", () => {
    expect(parseEnv({})).toMatchObject({ PORT: 3000, WORKER_PORT: 9091, WORKER_HOST: "127.0.0.1" });
  });

  test("an empty variable counts as unset", () => {
    expect(parseEnv({ PORT: "", SMTP_URL: " " })).toEqual(parseEnv({}));
  });

  test.each([
    ["PORT", "many"],
    ["PORT", "70000"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["REDIS_URL", "localhost:6379"],
    ["REDIS_URL", "redis://one:1,two:2"],
    ["REDIS_URL", "redis://one?family=6"],
    ["DATABASE_URL", "postgres://localhost/x?sslmodus=require"],
    ["DATABASE_URL", "postgres://localhost/x?sslmode=prefer"],
    ["TRUST_PROXY", "true"],
    ["TRUST_PROXY", "nginx"],
    ["TRUST_PROXY", "10.0.0.0/33"],
    ["TRUST_PROXY", "10.0.0.1,"],
    ["TRUST_PROXY", "loopback/8"],
    ["SMTP_URL", "mail.example.com"],
    ["PUBLIC_URL", "compete.example"],
    ["PUBLIC_URL", "https://compete.example/app"],
    ["PUBLIC_URL", "https://compete.example?from=mail"],
    ["PUBLIC_URL", "https://me:secret@compete.example"],
    ["MAIL_FROM", "nobody"],
    ["MAIL_FROM", "Mini Compete no-reply@compete.example"],
    ["MAIL_FROM", "a@b@compete.example"],
    ["REDIS_URL", "redis://one:1,redis://two:2"],
    ["REDIS_SENTINEL_PASSWORD", "its own"],
    ["REDIS_KEY_FILE", "key.pem"],
    ["PGSSLMODE", "prefer"],
    ["PGSSLCERT", "cert.pem"],
    ["PGSSLKEY", "key.pem"],
    ["OPS_TOKEN", "short"],
    ["OPS_WRITE", "yes"],
    ["WORKER_HOSTNAMES", "http://ops.example"],
    ["HSTS_SUBDOMAINS", "1"],
    ["MAIL_PER_DAY", "0"],
    ["VERIFY_EMAIL", "yes"],
    ["RATE_LIMITS", "maybe"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
  ])("a bad %s (%s) stops the start with one line that names it", (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(BadEnvironment);
    expect(() => parseEnv({ [name]: value })).toThrow(new RegExp(`^${name}(?:: |=)[^\n]+$`));
  });

  test.each(["1", "0", "off", "loopback", "10.0.0.0/8, 2001:db8::/32", "203.0.113.7"])(
    "TRUST_PROXY=%s is understood",
    (TRUST_PROXY) => {
      expect(parseEnv({ TRUST_PROXY })).toMatchObject({ TRUST_PROXY });
    },
  );

  test.each([
    [{ REDIS_CA_FILE: "ca.pem" }, /^REDIS_URL: REDIS_CA_FILE .*rediss/],
    [{ REDIS_URL: "rediss://r", REDIS_CERT_FILE: "c.pem" }, /^REDIS_CERT_FILE: .*REDIS_KEY_FILE$/],
  ])("%j leaves no connection less secure than it was meant", (settings, why) => {
    expect(() => parseEnv(settings)).toThrow(why);
  });

  test.each([
    [
      { REDIS_CLUSTER: "on", REDIS_SENTINEL_NAME: "seats" },
      /^REDIS_SENTINEL_NAME: .*REDIS_CLUSTER/,
    ],
    [{ REDIS_CLUSTER: "on", REDIS_URL: "redis://node/3" }, /^REDIS_URL: .*database/],
  ])("%j is no way to Redis", (settings, why) => {
    expect(() => parseEnv(settings)).toThrow(why);
  });

  test.each(["no-reply@compete.example", '"Compete, Inc." <no-reply@compete.example>', "<a@b.c>"])(
    "mail may come from %s",
    (MAIL_FROM) => {
      expect(parseEnv({ MAIL_FROM })).toMatchObject({ MAIL_FROM });
    },
  );

  test("links in mail begin with the host alone, however it was written", () => {
    expect(parseEnv({ PUBLIC_URL: "https://compete.example/" })).toMatchObject({
      PUBLIC_URL: "https://compete.example",
    });
  });

  describe("a password that is a setting of its own", () => {
    const password = "p@ss/w:o#r?d, 100%é&";

    test("needs no encoding", () => {
      const settings = parseEnv({
        DATABASE_URL: "postgres://me@db.example:5433/compete?sslmode=verify-full",
        PGPASSWORD: password,
        REDIS_URL: "rediss://one.example,rediss://two.example:6380",
        REDIS_CLUSTER: "on",
        REDIS_PASSWORD: password,
        SMTP_URL: "smtp://me@mail.example:587?name=web",
        SMTP_PASSWORD: password,
      });
      const database = parseDatabaseUrl(settings.DATABASE_URL);
      const tls = expect.objectContaining({ mode: "verify-full" });
      const where = { host: "db.example", port: 5433, database: "compete" };
      expect(database).toMatchObject({ user: "me", password, ...where, tls });
      const redis = parseRedisUrls(settings.REDIS_URL);
      const hosts = [{ host: "one.example" }, { host: "two.example", port: 6380 }];
      expect(redis).toMatchObject({ user: undefined, password, servers: hosts, tls: true });
      const mail = parseSmtpUrl(settings.SMTP_URL ?? "");
      expect(mail).toMatchObject({ auth: { user: "me", pass: password }, requireTLS: true });
    });

    test("reaches a socket's server too", () => {
      const DATABASE_URL = "postgres:///compete?host=/run/postgresql";
      const settings = parseEnv({ DATABASE_URL, PGPASSWORD: password });
      const address = { host: "/run/postgresql", user: undefined, password, database: "compete" };
      expect(parseDatabaseUrl(settings.DATABASE_URL)).toMatchObject(address);
    });

    test.each(["redis://me:mine@one.example", "redis://:mine@one.example,redis://two.example"])(
      "leaves %s alone",
      (REDIS_URL) => {
        const settings = { REDIS_URL, REDIS_PASSWORD: password, REDIS_SENTINEL_NAME: "seats" };
        expect(parseEnv(settings).REDIS_URL).toBe(REDIS_URL);
      },
    );
  });

  test("says once what is wrong with the database for everybody and for the migrations", () => {
    const said = () => parseEnv({ DATABASE_URL: "mysql://localhost/x" });
    expect(said).toThrow(/^DATABASE_URL: must be a URL starting with \S+ or \S+$/);
  });

  test("names every variable that is bad", () => {
    const bad = { SMTP_URL: "mail", REDIS_URL: "redis://r?x=1", DATABASE_URL: "postgres://d/?y=1" };
    expect(() => parseEnv(bad)).toThrow(/^DATABASE_URL: .*; REDIS_URL: .*; SMTP_URL: .*$/);
  });
});
