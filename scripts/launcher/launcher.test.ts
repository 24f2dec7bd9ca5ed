import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addressesOf } from "~/platform/hosts";
import { hashSources } from "./build.ts";
import { tellOfDeaths, withoutPassword } from "./databases.ts";
import { startProgram } from "./programs.ts";
import { type Ready, readyText, urlOf } from "./ready.ts";
import {
  choosePorts,
  portOf,
  readSettings,
  requireUsable,
  type Settings,
  secretsFor,
} from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "launcher-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("settings", () => {
  test("that are empty count as not set", () => {
    const environment = { PORT: "5000", SMTP_URL: " ", REDIS_URL: "" };
    expect(readSettings(environment as never)).toEqual({ PORT: "5000" });
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

  test("that the web server would refuse are refused before anything starts", () => {
    const secrets = secretsFor({}, join(folder, "secrets.json"));
    const settings: Settings = { ...secrets, NODE_ENV: "production" };
    expect(() => requireUsable(settings)).not.toThrow();
    const refusals: [Settings, string][] = [
      [{ JWT_SECRET: secrets.SESSION_SECRET ?? "" }, "JWT_SECRET: is the same"],
      [{ DATABASE_URL: "postgres://db/x?sslmodus=require" }, 'DATABASE_URL: the parameter "sslm'],
      [{ TRUST_PROXY: "nginx" }, "TRUST_PROXY: must be"],
    ];
    for (const [bad, why] of refusals) {
      expect(() => requireUsable({ ...settings, ...bad })).toThrow(why);
    }
  });

  test("a port that is taken on either loopback address is refused", async () => {
    for (const host of addressesOf("localhost")) {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, host, resolve));
      const PORT = String((other.address() as AddressInfo).port);
      const options = { command: "up", log: () => {} };
      await expect(choosePorts({ PORT }, options)).rejects.toThrow(`Port ${PORT} (PORT) is in use`);
      await new Promise((resolve) => other.close(resolve));
      expect(await choosePorts({ PORT }, options)).toMatchObject({ web: Number(PORT) });
    }
  });

  test("an address that this machine does not have is no port in use", async () => {
    const options = { command: "up", log: () => {} };
    const settings = { PORT: "3999", HOST: "192.0.2.1" };
    await expect(choosePorts(settings, options)).rejects.toThrow("HOST: 192.0.2.1 is no address");
  });

  test("the port for metrics moves on when it is taken, and can be left out", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const lines: string[] = [];
    const options = { command: "up", log: (line: string) => lines.push(line) };
    const settings = { PORT: String(port + 1), METRICS_PORT: String(port) };
    const { metrics } = await choosePorts(settings, options);
    await new Promise((resolve) => other.close(resolve));
    expect([port, port + 1]).not.toContain(metrics);
    expect(lines).toContain(`Port ${port} (METRICS_PORT) is in use; ${metrics} instead`);
    const without = { ...settings, METRICS_PORT: "0" };
    expect(await choosePorts(without, options)).toMatchObject({ metrics: 0 });
  });

  test("the secrets that earlier releases had in .env.example are replaced", () => {
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

describe("a program", () => {
  /** Runs a script as a program until it has ended for good. */
  const run = async (script: string) => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const args = ["-e", script];
    const ended = startProgram({ name: "web", args, env: {}, print }).ended;
    return { lines, reason: await ended.catch((error: Error) => error.message) };
  };

  test("has its log lines made readable, and others left alone", async () => {
    const entry = { level: 40, time: Date.now(), reason: "gone", msg: "redis connection" };
    const { lines } = await run(
      `console.log(${JSON.stringify(JSON.stringify(entry))}); console.log("plain"); process.exit(1)`,
    );
    expect(lines[0]).toMatch(/^web {4}│ \[[\d:]+\] WARN: redis connection \{"reason":"gone"\}$/);
    expect(lines[1]).toBe("web    │ plain");
  });

  test("that refuses its settings is not started again", async () => {
    const { lines, reason } = await run(`console.error("PORT: bad"); process.exit(1)`);
    expect(lines).toEqual(["web    │ PORT: bad"]);
    expect(reason).toMatch(/ended \(exit code 1\)/);
  });

  test("that dies is started again, a few times", async () => {
    const { lines, reason } = await run(`process.kill(process.pid, "SIGKILL")`);
    expect(lines).toEqual(Array(3).fill("The web ended (SIGKILL); starting it again"));
    expect(reason).toMatch(/ended \(SIGKILL\)/);
  });
});

describe("what up says at the end", () => {
  const logIns = [
    { role: "ORGANIZER", email: "alice@organizer.com", password: "password123" },
    { role: "PARTICIPANT", email: "charlie@participant.com", password: "password123" },
  ];
  const ready = (settings: Settings, rest: Partial<Ready> = {}) => {
    const ports = { web: 3000, worker: 9091, metrics: 9092 };
    const address = settings.PUBLIC_URL ?? urlOf(settings.HOST ?? "localhost", 3000);
    return readyText({ settings, address, ports, logIns, ...rest });
  };
  const urlsIn = (text: string) => text.match(/http[^\s,]*/g);

  test("has the accounts that can log in, and addresses that answer", () => {
    const text = ready({});
    expect(text).toContain("    organizer    alice@organizer.com        password123\n");
    expect(text).toContain("    participant  charlie@participant.com    password123\n");
    expect(urlsIn(text)).toEqual([
      "http://localhost:3000",
      "http://127.0.0.1:9091/metrics",
      "http://127.0.0.1:9092/metrics",
    ]);
  });

  test("has no password where it would be refused, and no port where there is none", () => {
    const ports = { web: 3000, worker: 9091, metrics: 0 };
    const text = ready({}, { ports, logIns: [] });
    expect(text).not.toContain("password");
    expect(urlsIn(text)).toEqual(["http://localhost:3000", "http://127.0.0.1:9091/metrics"]);
  });

  test.each([
    ["0.0.0.0", ["http://localhost:3000"]],
    ["::", ["http://localhost:3000"]],
    ["::1", ["http://[::1]:3000"]],
    ["192.168.1.5", ["http://192.168.1.5:3000"]],
  ])("leads to where HOST=%s listens", (HOST, urls) => {
    expect(urlsIn(ready({ HOST }))?.slice(0, 1)).toEqual(urls);
  });

  test("has the public address, and the one on this machine", () => {
    expect(urlsIn(ready({ PUBLIC_URL: "https://compete.example" }))?.slice(0, 2)).toEqual([
      "https://compete.example",
      "http://localhost:3000",
    ]);
  });
});

test("of a database server that ended, people are told once", () => {
  let isRunning = true;
  const lines: string[] = [];
  const redis = { isRunning: () => isRunning, pid: 7 };
  const names = new Map([
    [redis, "Redis"],
    [{ isRunning: () => true, pid: 8 }, "PostgreSQL"],
  ]);
  const look = () => tellOfDeaths(names, (line) => lines.push(line));
  look();
  expect(lines).toEqual([]);
  isRunning = false;
  look();
  look();
  expect(lines).toEqual([expect.stringContaining("Redis (process 7) ended.")]);
});

test("passwords in addresses are not shown", () => {
  const urls = "redis://:geheim@one:1,redis://user:p%40ss@two:2/0,redis://three:3";
  expect(withoutPassword(urls)).toBe("redis://:…@one:1,redis://user:…@two:2/0,redis://three:3");
  const odd = { "me:p@ss": "me", "me:a,b": "me", "me:a:b@": "me", "m@e:x": "m@e", ":x@y,z": "" };
  for (const [userinfo, user] of Object.entries(odd)) {
    expect(withoutPassword(`postgres://${userinfo}@db:1/x`)).toBe(`postgres://${user}:…@db:1/x`);
  }
  const socket = "postgres:///seats?host=/run&password=geheim&user=me";
  expect(withoutPassword(socket)).toBe("postgres:///seats?host=/run&password=…&user=me");
});
