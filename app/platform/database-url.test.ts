import { describe, expect, test } from "vitest";
import { type PgEnvironment, parseDatabaseUrl, pgConfig } from "./database-url";

const BASE = "postgres://me:secret@db.example:5433/seats";
const read = (query: string, environment?: PgEnvironment) =>
  parseDatabaseUrl(`${BASE}${query && `?${query}`}`, environment);
const modeOf = (query: string, environment?: PgEnvironment) => read(query, environment).tls.mode;

describe("DATABASE_URL", () => {
  test("is taken apart and decoded", () => {
    expect(parseDatabaseUrl("postgres://m%65:p%40ss@db.example/my%20seats")).toMatchObject({
      ...{ host: "db.example", port: undefined, user: "me", password: "p@ss" },
      database: "my seats",
    });
  });

  test("may name IPv6 in brackets, and a socket in two ways", () => {
    expect(parseDatabaseUrl("postgres://[2001:db8::7]:5433/seats")).toMatchObject({
      host: "2001:db8::7",
      port: 5433,
    });
    for (const url of [
      "postgres://me:secret@/seats?host=/run/postgresql",
      "postgres:///seats?host=/run/postgresql&user=me&password=secret",
      "postgres://me:secret@%2Frun%2Fpostgresql/seats",
    ]) {
      expect(parseDatabaseUrl(url), url).toMatchObject({
        ...{ host: "/run/postgresql", user: "me", password: "secret", database: "seats" },
      });
    }
  });

  test("says what is given to pg", () => {
    const query = "application_name=ours&options=-c%20search_path%3Dx&connect_timeout=7";
    const address = read(`${query}&sslmode=require&sslnegotiation=direct`);
    expect(address).toMatchObject({ applicationName: "ours", connectTimeoutMs: 7_000 });
    expect(pgConfig(address)).toMatchObject({
      ...{ host: "db.example", port: 5433, database: "seats", options: "-c search_path=x" },
      sslnegotiation: "direct",
    });
  });

  test.each<[string, string, PgEnvironment?]>([
    ["", "disable"],
    ["sslmode=disable", "disable"],
    ["sslmode=require", "require"],
    ["sslmode=require&uselibpqcompat=true", "require"],
    ["sslmode=no-verify", "no-verify"],
    ["sslmode=verify-ca&sslrootcert=/ca.pem", "verify-ca"],
    ["sslmode=verify-full", "verify-full"],
    ["sslrootcert=/ca.pem", "verify-full"],
    ["sslrootcert=system", "verify-full"],
    ["sslcert=/me.pem&sslkey=/me.key", "verify-full"],
    ["ssl=true", "require"],
    ["ssl=1&sslmode=verify-full", "verify-full"],
    ["ssl=false", "disable"],
    ["ssl=no-verify", "no-verify"],
    ["", "require", { PGSSLMODE: "require" }],
    ["sslmode=disable", "disable", { PGSSLMODE: "require", PGSSLROOTCERT: "/ca.pem" }],
    ["", "verify-full", { PGSSLROOTCERT: "/ca.pem" }],
    ["", "verify-ca", { PGSSLMODE: "verify-ca", PGSSLROOTCERT: "/ca.pem" }],
    ["host=/run/postgresql&sslmode=require", "disable"],
  ])("with %j asks for %s (%j)", (query, mode, environment) => {
    expect(modeOf(query, environment)).toBe(mode);
  });

  test.each<[string, RegExp, PgEnvironment?]>([
    ["sslmode=prefer", /sslmode=prefer is not supported/],
    ["sslmode=allow", /sslmode=allow is not supported/],
    ["sslmode=always", /sslmode=always must be one of/],
    ["", /^PGSSLMODE=prefer is not supported/, { PGSSLMODE: "prefer" }],
    ["sslmode=verify-ca", /needs sslrootcert/],
    ["sslmode=require&sslrootcert=system", /needs sslmode=verify-full/],
    ["sslcert=/me.pem", /go together/],
    ["ssl=maybe", /ssl must be/],
    ["ssl=true&sslmode=disable", /contradicts/],
    ["sslnegotiation=direct", /needs sslmode=require/],
    ["uselibpqcompat=false", /uselibpqcompat/],
    ["connect_timeout=60", /connect_timeout must be a whole number from 1 to 10/],
    ["sslmode=require&sslmode=disable", /twice/],
    ["sslcrl=/crl.pem", /"sslcrl" is not supported/],
    ["target_session_attrs=read-write", /"target_session_attrs" is not supported/],
    ["query_timeout=0", /"query_timeout" is not supported/],
  ])("with %j is refused: %s", (query, why, environment) => {
    expect(() => read(query, environment)).toThrow(why);
    expect(() => read(query, environment)).not.toThrow(/\n|secret/);
  });

  test.each(["mysql://db/x", "postgres://a:1,b:2/x", "postgres://a,b/x", "seats"])(
    "%s is refused",
    (url) => {
      expect(() => parseDatabaseUrl(url)).toThrow(/^DATABASE_URL: /);
    },
  );

  test("names a certificate that cannot be used", () => {
    const missing = read("sslmode=verify-ca&sslrootcert=/no/such.pem");
    const why = "DATABASE_URL: sslrootcert: /no/such.pem cannot be used (ENOENT)";
    expect(() => pgConfig(missing)).toThrow(why);
    const none = read("sslmode=verify-ca", { PGSSLROOTCERT: "package.json" });
    expect(() => pgConfig(none)).toThrow(/^PGSSLROOTCERT: package.json cannot be used/);
  });
});
