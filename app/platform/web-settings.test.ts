import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseEnv } from "./env";
import { weaknessOf } from "./secret-strength";
import { checkWebSettings, webHost } from "./web-settings";

const random = () => randomBytes(32).toString("hex");
const good = { SESSION_SECRET: random(), JWT_SECRET: random() };
const check = (settings: Record<string, string>) => () => checkWebSettings(parseEnv(settings));

describe("a secret", () => {
  test.each([
    ["development-only-secret-change-me-please", /placeholder/],
    ["changeme-changeme-changeme-changeme", /placeholder/],
    ["short", /at least 32/],
    ["a".repeat(32), /guessed/],
    ["ab".repeat(20), /guessed/],
    ["abcdefghijklmnopqrstuvwxyz0123456789", /guessed/],
    ["12345678901234567890123456789012", /guessed/],
    ["0123456789abcdef".repeat(4), /guessed/],
    ["qwertyuiopasdfghjklzxcvbnm1234567890", /guessed/],
    ["1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t6y7u8i9o0p", /guessed/],
    ["a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", /guessed/],
    ["password".repeat(5), /guessed/],
    ["secret-".repeat(6), /guessed/],
    [`${"a".repeat(30)}b8`, /guessed/],
  ])("%s is refused", (secret, why) => {
    expect(weaknessOf(secret)).toMatch(why);
  });

  test("made of 16 random bytes or more is taken, in whatever letters", () => {
    for (let times = 0; times < 500; times++) {
      expect(weaknessOf(randomBytes(16).toString("hex"))).toBeNull();
      expect(weaknessOf(randomBytes(24).toString("base64"))).toBeNull();
    }
    expect(weaknessOf("my own secret, long enough for anybody")).toBeNull();
  });
});

describe("without NODE_ENV the web process", () => {
  test("starts with secrets of its own", () => {
    expect(parseEnv({}).NODE_ENV).toBe("production");
    expect(check(good)).not.toThrow();
    const previous = { SESSION_SECRET_PREVIOUS: random(), JWT_SECRET_PREVIOUS: random() };
    expect(check({ ...good, ...previous })).not.toThrow();
  });

  const x = random();
  test.each<[string, Record<string, string>, RegExp]>([
    ["no secrets", {}, /^SESSION_SECRET: is not set; .*openssl.*; JWT_SECRET: is not set/],
    ["a short one", { ...good, SESSION_SECRET: "short" }, /^SESSION_SECRET: .*openssl/],
    ["a regular one", { ...good, JWT_SECRET: "a".repeat(32) }, /^JWT_SECRET: .*openssl/],
    ["one for both", { SESSION_SECRET: x, JWT_SECRET: x }, /^JWT_SECRET: is the same as SESSION_S/],
    ["a weak one of before", { ...good, JWT_SECRET_PREVIOUS: "abc" }, /^JWT_SECRET_PREVIOUS: /],
    [
      "the present one as that of before",
      { ...good, SESSION_SECRET_PREVIOUS: good.SESSION_SECRET },
      /^SESSION_SECRET_PREVIOUS: is in use/,
    ],
    ["a plain address", { ...good, PUBLIC_URL: "http://site.example" }, /^PUBLIC_URL: .*https/],
  ])("does not start with %s", (_name, settings, why) => {
    expect(check(settings)).toThrow(why);
    expect(check(settings)).not.toThrow(/\n/);
  });

  test.each([
    "https://site.example",
    "http://localhost:3000",
    "http://127.0.0.1",
    "http://[::1]:3000",
  ])("starts at %s", (PUBLIC_URL) => {
    expect(check({ ...good, PUBLIC_URL })).not.toThrow();
  });
});

describe("while it is developed the web process", () => {
  test("needs no secrets, and stays within this machine", () => {
    const settings = { NODE_ENV: "development" };
    expect(check(settings)).not.toThrow();
    expect(webHost(parseEnv(settings))).toBe("localhost");
    expect(webHost(parseEnv(good))).toBeUndefined();
  });

  test("does not serve with secrets that everybody knows", () => {
    const open = { NODE_ENV: "development", HOST: "0.0.0.0" };
    expect(check(open)).toThrow(/^HOST: 0\.0\.0\.0 .*set SESSION_SECRET and JWT_SECRET$/);
    expect(check({ ...open, ...good })).not.toThrow();
  });
});
