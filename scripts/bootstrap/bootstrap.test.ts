import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashSources } from "./build.mjs";
import { withoutPassword } from "./databases.mjs";
import { areDependenciesCurrent, requireNode } from "./dependencies.mjs";
import { listeningSockets } from "./listener.mjs";
import { readableLine } from "./log-line.mjs";
import { portOf, readSettings, secretsFor } from "./settings.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(["18.20.0", "19.9.9"])(
  "Node %s is refused with a word on where to get another",
  (old) => {
    expect(() => requireNode(old)).toThrow(/needs Node 20.*nodejs\.org/s);
    expect(() => requireNode("20.0.0")).not.toThrow();
    expect(() => requireNode("24.1.0")).not.toThrow();
  },
);

describe("dependencies", () => {
  const HOUR = 3600;
  const write = (path: string, ageHours: number) => {
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    writeFileSync(join(folder, path), "{}");
    const then = Date.now() / 1000 - ageHours * HOUR;
    utimesSync(join(folder, path), then, then);
  };

  test("are missing in a clean clone", () => {
    write("package-lock.json", 1);
    expect(areDependenciesCurrent(folder)).toBe(false);
  });

  test("are current when npm installed after the lock file was written, and stale before", () => {
    write("package-lock.json", 2);
    write("node_modules/.package-lock.json", 1);
    expect(areDependenciesCurrent(folder)).toBe(true);
    write("package-lock.json", 0);
    expect(areDependenciesCurrent(folder)).toBe(false);
  });
});

describe("settings", () => {
  const envFile = (text: string) => {
    writeFileSync(join(folder, ".env"), text);
    return join(folder, ".env");
  };

  test("the shell wins over .env, and empty counts as not set", () => {
    const file = envFile('PORT=4000\nREDIS_URL=\nMAIL_FROM="A <a@b.c>"\n');
    expect(readSettings({ PORT: "5000", SMTP_URL: " " } as never, file)).toEqual({
      PORT: "5000",
      MAIL_FROM: "A <a@b.c>",
    });
  });

  test.each(["abc", "0", "65536", "3000.5", "-1"])("PORT=%s is refused by name", (value) => {
    expect(() => portOf({ PORT: value }, "PORT", 3000)).toThrow(/^PORT: must be a whole number/);
  });

  test("secrets are made once, and given ones are used but not kept", () => {
    const file = join(folder, "secrets.json");
    const first = secretsFor({ JWT_SECRET: "my own secret, long enough for anybody" }, file);
    expect(first.JWT_SECRET).toBe("my own secret, long enough for anybody");
    expect(first.SESSION_SECRET).toMatch(/^[0-9a-f]{64}$/);
    const second = secretsFor({}, file);
    expect(second.SESSION_SECRET).toBe(first.SESSION_SECRET);
    expect(second.JWT_SECRET).not.toBe(first.JWT_SECRET);
  });

  test("the secrets that stand in .env.example are replaced", () => {
    const settings = { SESSION_SECRET: "development-only-secret-change-me-please" };
    const { SESSION_SECRET } = secretsFor(settings, join(folder, "secrets.json"));
    expect(SESSION_SECRET).not.toBe(settings.SESSION_SECRET);
  });
});

test("a build is due when a source changes, and not when a test does", () => {
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "app/a.ts"), "1");
  const before = hashSources(folder);
  writeFileSync(join(folder, "app/a.test.ts"), "1");
  expect(hashSources(folder)).toBe(before);
  writeFileSync(join(folder, "app/a.ts"), "2");
  expect(hashSources(folder)).not.toBe(before);
});

test("the sockets that listen on a port are read from the system's table", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1
   1: 0100007F:0BB8 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4243 1
   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1`;
  expect(listeningSockets(table, 3000)).toEqual(["4242"]);
});

test("log lines are made readable, and other lines left alone", () => {
  const entry = { level: 40, time: Date.now(), reason: "gone", count: 2, msg: "redis connection" };
  expect(readableLine(JSON.stringify(entry))).toMatch(
    /^\d\d:\d\d:\d\d warn redis connection reason=gone count=2$/,
  );
  expect(readableLine('{"level":')).toBe('{"level":');
  expect(readableLine("plain")).toBe("plain");
});

test("passwords in addresses are not shown", () => {
  const urls = "redis://:geheim@one:1,redis://user:p%40ss@two:2/0,redis://three:3";
  expect(withoutPassword(urls)).toBe("redis://:…@one:1,redis://user:…@two:2/0,redis://three:3");
});
