import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeTemporaryFolder } from "../../scripts/services/places.ts";
import { pickPort } from "../../scripts/services/ports.ts";
import { startPostgres } from "../../scripts/services/postgres.ts";
import { inPlainFolder } from "../../scripts/services/postgres-program.ts";
import {
  identify,
  isRunning,
  ownIdentity,
  stopProcess,
  waitFor,
} from "../../scripts/services/process.ts";
import { startRedis } from "../../scripts/services/redis.ts";
import { whileLocked } from "../../scripts/services/state.ts";
import { packagesInPlan } from "../../scripts/services/system-package.ts";
import { copyCluster } from "../support/copied-cluster";
import { createDatabase } from "../support/databases";
import { POSTGRES_IN_A_HURRY } from "../support/throw-away";

let folder: string;
let lines: string[];
let toStop: { stop: () => Promise<void> }[];

beforeEach(() => {
  // People keep projects in folders like this one.
  folder = join(makeTemporaryFolder("services"), `it's a "fine" $HOME \`id\` folder`);
  mkdirSync(folder);
  lines = [];
  toStop = [];
});
afterEach(async () => {
  for (const service of toStop) await service.stop();
  rmSync(dirname(folder), { recursive: true, force: true });
});

const log = (line: string) => lines.push(line);
const keep = <T extends { stop: () => Promise<void> }>(service: T) => {
  toStop.push(service);
  return service;
};
const postgres = async () =>
  keep(
    await startPostgres({ dataDir: join(folder, "postgres"), settings: POSTGRES_IN_A_HURRY, log }),
  );
/** The same of a cluster that is there: making one takes seconds of a processor. */
const readyPostgres = async () => {
  await copyCluster(join(folder, "postgres"));
  return postgres();
};
const redis = async () => keep(await startRedis({ dataDir: join(folder, "redis"), log }));

/** Uses a Redis for one command. */
async function ask<T>(url: string, command: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true });
  try {
    await client.connect();
    return await command(client);
  } finally {
    client.disconnect();
  }
}

/** Whether a database of that name is there: making it again then fails. */
async function hasDatabase(serverUrl: string, name: string): Promise<boolean> {
  return createDatabase({ serverUrl, name }).then(
    () => false,
    (error: Error) => /already exists/.test(error.message),
  );
}

describe("data survives", () => {
  test("an orderly restart and a kill of Postgres, on the same port", async () => {
    const service = await readyPostgres();
    const { url, pid } = service;
    await createDatabase({ serverUrl: url, name: "kept" });
    expect(await hasDatabase(url, "kept")).toBe(true);
    // A statement that failed holds what people sent: the server must not log it.
    const logged = readFileSync(join(folder, "postgres.log"), "utf8");
    expect(logged).toMatch(/ready to accept connections/);
    expect(logged).not.toMatch(/kept|STATEMENT/);
    await service.restart();
    expect(service.pid).not.toBe(pid);
    expect(await hasDatabase(url, "kept")).toBe(true);
    await service.kill();
    await service.restart();
    expect(await hasDatabase(url, "kept")).toBe(true);
  });

  test("a restart of Redis, and the next start finds the same address", async () => {
    const first = await redis();
    await ask(first.url, (client) => client.set("kept", "yes"));
    await first.restart();
    await first.stop();
    const second = await redis();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, (client) => client.get("kept"))).toBe("yes");
  });

  test("the loss of the remembered password", async () => {
    const first = await readyPostgres();
    await createDatabase({ serverUrl: first.url, name: "kept" });
    await first.stop();
    rmSync(join(folder, "postgres.json"));
    const second = await postgres();
    expect(second.url).not.toBe(first.url);
    expect(await hasDatabase(second.url, "kept")).toBe(true);
  });
});

test("Postgres starts where only the one who starts it can enter, root included", async () => {
  chmodSync(folder, 0o700);
  const service = await postgres();
  await service.restart();
  expect(await hasDatabase(service.url, "mini_compete")).toBe(true);
});

test("Redis refuses to forget when its memory is full", async () => {
  const service = await redis();
  const policy = await ask(service.url, (client) => client.config("GET", "maxmemory-policy"));
  expect(policy).toEqual(["maxmemory-policy", "noeviction"]);
});

describe("a folder that is not what it should be", () => {
  test("a half-made data folder is kept aside, and a new database made", async () => {
    mkdirSync(join(folder, "postgres"));
    writeFileSync(join(folder, "postgres/PG_VERSION"), "18\n");
    const service = await postgres();
    expect(await hasDatabase(service.url, "mini_compete")).toBe(true);
    expect(lines.join()).toMatch(/half made; moved to/);
    expect(readdirSync(folder).some((name) => name.startsWith("postgres.incomplete-"))).toBe(true);
  });

  test("what an interrupted initdb left does not get in the way", async () => {
    mkdirSync(join(folder, "postgres.draft"));
    writeFileSync(join(folder, "postgres.draft/PG_VERSION"), "18\n");
    await postgres();
    expect(existsSync(join(folder, "postgres.draft"))).toBe(false);
  });

  test("a pid file whose number belongs to another program is no reason to refuse", async () => {
    const first = await readyPostgres();
    await first.kill();
    // This test's own number: a live process that is no Postgres.
    const pidFile = join(folder, "postgres/postmaster.pid");
    writeFileSync(
      pidFile,
      `${process.pid}\n${join(folder, "postgres")}\n1\n5432\n\n\n1 1\nready\n`,
    );
    const second = await postgres();
    expect(second.pid).not.toBe(process.pid);
    expect(identify(process.pid)).not.toBeNull();
  });
});

describe("a starter that was killed", () => {
  const startElsewhere = async () => {
    await copyCluster(join(folder, "postgres"));
    const child = spawn(process.execPath, ["tests/support/servers-main.ts", folder], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    await waitFor(() => output.includes("redis://"), { timeoutMs: 30_000 });
    const starter = identify(child.pid ?? 0);
    if (!starter) throw new Error("the starter ended");
    return { starter, output };
  };

  test("leaves servers that the next start takes over, and stops", async () => {
    const { starter, output } = await startElsewhere();
    await stopProcess(starter, { signal: "SIGKILL" });
    const services = [await postgres(), await redis()];
    for (const { url, how, started } of services) {
      expect(output).toContain(url);
      expect(how).toMatch(/taken over/);
      expect(started).toBe(true);
    }
    const servers = services.map(({ pid }) => identify(pid));
    for (const service of services) await service.stop();
    expect(servers.some(isRunning)).toBe(false);
  });

  test("while it lives, its servers are used and left alone", async () => {
    const { starter } = await startElsewhere();
    const services = [await postgres(), await redis()];
    for (const service of services) {
      expect(service.started).toBe(false);
      await service.stop();
      expect(identify(service.pid)).not.toBeNull();
      await expect(service.kill()).rejects.toThrow(/another program/);
    }
    const servers = services.map(({ pid }) => identify(pid));
    await stopProcess(starter, { signal: "SIGTERM" });
    expect(servers.some(isRunning)).toBe(false);
  });
});

test("the log of a server that does not start can be read by what is said of it", async () => {
  const starting = startRedis({ dataDir: join(folder, "redis"), args: ["--no-such-setting", "1"] });
  const message = await starting.then(
    () => "it started",
    (error: Error) => error.message,
  );
  const [, path] = /its log \((.+)\) ends/.exec(message) ?? [];
  expect(execFileSync("sh", ["-c", `cat ${path}`], { encoding: "utf8" })).toMatch(
    /no-such-setting/,
  );
});

test("programs that start others by a shell run in a folder that it takes as it is", async () => {
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/postgres"), "#!/bin/sh\necho started\n", { mode: 0o755 });
  const started = await inPlainFolder(join(folder, "bin"), async (programs) =>
    execFileSync("sh", ["-c", `"${programs}/postgres"`], { encoding: "utf8" }),
  );
  expect(started).toBe("started\n");
});

test("two starts at once make one server", async () => {
  const [one, two] = await Promise.all([redis(), redis()]);
  expect(one.pid).toBe(two.pid);
});

test("only this machine can reach the servers", async () => {
  const services = [await readyPostgres(), await redis()];
  for (const { port } of services) {
    const sockets = execFileSync("cat", ["/proc/net/tcp", "/proc/net/tcp6"], { encoding: "utf8" });
    const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
    const listening = sockets.split("\n").filter((line) => / 0A /.test(line));
    const addresses = listening.flatMap((line) => {
      const [, local = ""] = line.trim().split(/\s+/);
      return local.endsWith(`:${hexPort}`) ? [local] : [];
    });
    expect(addresses).toEqual([`0100007F:${hexPort}`]);
  }
});

/** A port that is listened on, until `close`. */
async function listen() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe("picking a port", () => {
  test("takes the first wanted one that is free, again and again", async () => {
    const taken = await listen();
    const free = await pickPort();
    expect(await pickPort(undefined, taken.port, free)).toBe(free);
    expect(await pickPort(undefined, taken.port, free)).toBe(free);
    await taken.close();
  });

  test("otherwise one below those that the system lends to clients", async () => {
    const port = await pickPort();
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThanOrEqual(32_000);
  });
});

test("a process is told from a later one with its number", () => {
  const me = ownIdentity();
  expect(isRunning(me)).toBe(true);
  expect(isRunning({ ...me, started: `${me.started}0` })).toBe(false);
});

describe("a lock", () => {
  test("lets one in at a time and opens again after a failure", async () => {
    const path = join(folder, "data");
    let inside = 0;
    const enter = () =>
      whileLocked(path, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all([enter(), enter(), enter()]);
    await expect(whileLocked(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test("whose holder was killed is taken over", async () => {
    const path = join(folder, "data");
    mkdirSync(`${path}.lock`);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(`${path}.lock`, longAgo, longAgo);
    expect(await whileLocked(path, async () => "entered")).toBe("entered");
  });
});

test("apt's plan names the packages to download", () => {
  const plan = `The following NEW packages will be installed:
  libjemalloc2 redis-server
Inst libjemalloc2 (5.3.0-1 Debian:12 [amd64])
Inst redis-server (5:7.0.15-1 Debian:12 [amd64])
Conf redis-server (5:7.0.15-1 Debian:12 [amd64])`;
  expect(packagesInPlan(plan)).toEqual(["libjemalloc2", "redis-server"]);
});
