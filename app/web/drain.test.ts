import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { env } from "~/platform/env";
import { eventually } from "../../tests/support/eventually";
import { createDrain } from "./drain";
import { healthRoutes } from "./health";

/** The halves of the delay that are not over. A test ends them: so it needs no time, and has any time. */
const halves = vi.hoisted((): (() => void)[] => []);
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) =>
    ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => halves.push(resolve)),
}));
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

let url: string;
let server: Server;
let closeResources: ReturnType<typeof vi.fn<() => Promise<void>>>;
let exits: unknown[];
/** Ends the answer of `/slow`. */
let finishSlow: (() => void) | undefined;

beforeEach(async () => {
  env().DRAIN_DELAY_S = 1;
  halves.length = 0;
  exits = [];
  finishSlow = undefined;
  const exit = vi.spyOn(process, "exit").mockImplementation((code) => exits.push(code) as never);
  closeResources = vi.fn(async () => {});
  const drain = createDrain(closeResources);
  const app = express().use(drain.announce);
  const checkReadiness = async () => ({ ready: true, checks: {} });
  app.use(healthRoutes({ checkReadiness, isDraining: drain.isDraining }));
  app.get("/slow", (_req, res) => {
    finishSlow = () => res.end("done");
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const before = SIGNALS.map((signal) => process.listeners(signal));
  drain.onSignal([server]);
  onTestFinished(() => {
    exit.mockRestore();
    SIGNALS.forEach((signal, index) => {
      process.removeAllListeners(signal);
      for (const listener of before[index] ?? []) process.on(signal, listener);
    });
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path = "/healthz", headers = {}) => fetch(`${url}${path}`, { headers });
/** Lets a half of the delay pass. */
const halfPasses = () =>
  eventually(() => {
    const half = halves.shift();
    expect(half).toBeTypeOf("function");
    half?.();
  });
const delayPasses = async () => {
  await halfPasses();
  await halfPasses();
};
const isOver = () => eventually(() => expect(exits).toEqual([0]));
const refuses = () => eventually(() => expect(ask()).rejects.toThrow());

describe("after SIGTERM a process", () => {
  test("goes on answering, says that it drains, and ends each connection", async () => {
    expect((await ask("/readyz")).headers.get("connection")).toBe("keep-alive");
    process.emit("SIGTERM");
    const ready = await ask("/readyz");
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: "draining" });
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("connection")).toBe("close");
    expect(closeResources).not.toHaveBeenCalled();
    await delayPasses();
    await refuses();
    await isOver();
    expect(closeResources).toHaveBeenCalledOnce();
  });

  test("ends the connection of an answer that was under way", async () => {
    const slow = ask("/slow");
    await eventually(() => expect(finishSlow).toBeTypeOf("function"));
    process.emit("SIGTERM");
    finishSlow?.();
    expect((await slow).headers.get("connection")).toBe("close");
    await delayPasses();
    await isOver();
  });

  test("waits for what still runs when it has closed its port", async () => {
    const slow = ask("/slow");
    await eventually(() => expect(finishSlow).toBeTypeOf("function"));
    process.emit("SIGTERM");
    await delayPasses();
    await refuses();
    expect(exits).toEqual([]);
    finishSlow?.();
    expect(await (await slow).text()).toBe("done");
    await isOver();
  });

  test("refuses what a proxy asks another for, in the second half only", async () => {
    const asProxy = () => ask("/healthz", { "x-next-upstream": "yes" });
    expect((await asProxy()).status).toBe(200);
    process.emit("SIGTERM");
    expect((await asProxy()).status).toBe(200);
    await halfPasses();
    await eventually(async () => expect((await asProxy()).status).toBe(502));
    expect((await ask()).status).toBe(200);
    await halfPasses();
    await isOver();
  });

  test("ignores further signals", async () => {
    process.emit("SIGTERM");
    process.emit("SIGINT");
    process.emit("SIGTERM");
    expect((await ask()).status).toBe(200);
    await delayPasses();
    await isOver();
  });
});

test("after SIGINT a process closes its port at once", async () => {
  env().DRAIN_DELAY_S = 300;
  await ask();
  process.emit("SIGINT");
  await refuses();
  await isOver();
});
