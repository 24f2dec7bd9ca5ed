import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isPortFree, pickPort } from "./ports.mjs";
import { isRunning, ownIdentity } from "./process.mjs";
import { packagesInPlan } from "./redis-apt.mjs";
import { whileLocked } from "./state.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "services-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("picking a port", () => {
  const free = async () => true;

  test("takes the first preferred one that is free", async () => {
    const isFree = async (port: number) => port !== 5001;
    expect(await pickPort({ prefer: [undefined, 5001, 5002], isFree })).toBe(5002);
  });

  test("otherwise one below those that the system lends to clients", async () => {
    const port = await pickPort({ isFree: free });
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_000);
  });

  test("a port that is listened on is not free", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});

describe("recognising a process", () => {
  test("we run; another process with our number would not be us", () => {
    const me = ownIdentity();
    expect(isRunning(me)).toBe(true);
    expect(isRunning({ ...me, started: `${me.started}0` })).toBe(false);
  });
});

describe("a lock", () => {
  test("lets one in at a time and opens again after a failure", async () => {
    const lock = join(folder, "lock");
    let inside = 0;
    const enter = () =>
      whileLocked(lock, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all([enter(), enter(), enter()]);
    await expect(whileLocked(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(lock)).toBe(false);
  });

  test.each([
    ["whose holder is dead", JSON.stringify({ pid: 999_999_999, started: "1" })],
    ["that was left half written", '{"pid":'],
  ])("is taken over from a file %s", async (_what, left) => {
    const lock = join(folder, "lock");
    writeFileSync(lock, left);
    expect(await whileLocked(lock, async () => "entered")).toBe("entered");
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
