import { describe, expect, test } from "vitest";
import { BadEnvironment, parseEnv } from "./env";

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
    ["SMTP_URL", "mail.example.com"],
    ["PUBLIC_URL", "compete.example"],
    ["OPS_TOKEN", "short"],
    ["SESSION_SECRET", "short"],
    ["RATE_LIMITS", "maybe"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
  ])("a bad %s (%s) stops the start with one line that names it", (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(BadEnvironment);
    expect(() => parseEnv({ [name]: value })).toThrow(new RegExp(`^${name}: [^\n]+$`));
  });

  test("production refuses the repository's secrets", () => {
    expect(() => parseEnv({ NODE_ENV: "production" })).toThrow(/SESSION_SECRET/);
    const own = "a".repeat(32);
    expect(() => parseEnv({ NODE_ENV: "production", SESSION_SECRET: own })).toThrow(/JWT_SECRET/);
    const secrets = { SESSION_SECRET: own, JWT_SECRET: own };
    expect(parseEnv({ NODE_ENV: "production", ...secrets }).NODE_ENV).toBe("production");
  });

  test("several Redis nodes are separated by commas", () => {
    const { REDIS_URL } = parseEnv({ REDIS_URL: "redis://a:1, redis://b:2" });
    expect(REDIS_URL).toEqual(["redis://a:1", "redis://b:2"]);
  });
});
