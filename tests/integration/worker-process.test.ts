import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { listMailbox, mailQueue } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";
import {
  closeMailAndEverything,
  confirmationsOf,
  outboxState,
  registerSomebody,
} from "../support/mail";
import { ownRedis } from "../support/own-services";
import { spawnWorker, startWorker } from "../support/worker-process";

afterAll(closeMailAndEverything);

beforeEach(async () => {
  await mailQueue().obliterate({ force: true });
  await database().execute("delete from outbox");
});

const PATIENCE = { timeout: 60_000, interval: 100 };

// Each start of a process takes seconds, many of them on a busy machine.
describe("a worker", { timeout: 180_000 }, () => {
  test("delivers a confirmation within about a second, and its port tells", async () => {
    const worker = await startWorker({ OPS_TOKEN: "a-token-of-the-operator", DRAIN_DELAY_S: "2" });
    const { user } = await registerSomebody();
    const registeredAt = Date.now();
    await vi.waitFor(
      async () => expect(await listMailbox({ actor: user })).toHaveLength(1),
      PATIENCE,
    );
    const [mail] = await listMailbox({ actor: user });
    // That is a busy machine's limit, a quiet one needs a second.
    expect((mail?.sentAt.getTime() ?? 0) - registeredAt).toBeLessThan(20_000);

    const get = (path: string, headers = {}) =>
      fetch(`http://127.0.0.1:${worker.port}${path}`, { headers });
    expect((await get("/healthz")).status).toBe(200);
    expect(await (await get("/readyz")).json()).toEqual({
      status: "ready",
      checks: { postgres: "ok", redis: "ok", queues: "ok" },
    });
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toMatch(/^mini_compete_mail_jobs_total\{outcome="delivered"\} 1$/m);
    expect(metrics).toMatch(/^mini_compete_outbox_relayed_total 1$/m);
    expect(metrics).toMatch(/^mini_compete_mail_deliveries\{state="refused"\} 0$/m);
    expect(metrics).toMatch(/^mini_compete_outbox_rows\{state="waiting"\} 0$/m);
    expect(metrics).toMatch(/^mini_compete_outbox_class_rows\{class="0"\} 0$/m);
    expect(metrics).toMatch(/^mini_compete_line_owed_seats 0$/m);
    expect(metrics).toMatch(/^mini_compete_queue_jobs\{queue="mail",state="completed"\} 1$/m);
    expect(metrics).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);

    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`me:${password}`).toString("base64")}`,
    });
    expect((await get("/queues")).status).toBe(401);
    expect((await get("/queues", basic("a-token-of-somebody"))).status).toBe(401);
    const board = await get("/queues", basic("a-token-of-the-operator"));
    expect(board.status).toBe(200);
    expect(await board.text()).toContain("<html");
    const bearer = { authorization: "Bearer a-token-of-the-operator" };
    expect((await get("/queues/api/queues", bearer)).status).toBe(200);
    const forged = await fetch(`http://127.0.0.1:${worker.port}/queues/api/queues/mail/pause`, {
      method: "PUT",
      headers: { ...basic("a-token-of-the-operator"), "sec-fetch-site": "cross-site" },
    });
    expect(forged.status).toBe(403);
    expect((await get("/else")).status).toBe(404);
    worker.signal("SIGTERM");
    await vi.waitFor(
      async () => {
        const draining = await get("/readyz");
        expect(draining.status).toBe(503);
        expect(draining.headers.get("connection")).toBe("close");
        expect(await draining.json()).toMatchObject({ status: "draining" });
      },
      { timeout: 10_000, interval: 10 },
    );
    expect(await worker.ended).toBe(0);
  });

  test("goes on where it was after Redis was away, and came back empty", async () => {
    const redis = await ownRedis();
    const worker = await startWorker({ REDIS_URL: redis.url });
    await redis.kill();
    const { registrationId, outboxId } = await registerSomebody();
    await vi.waitFor(() => expect(worker.output()).toContain('"loop failed"'), PATIENCE);
    expect(await confirmationsOf(registrationId)).toBe(0);
    await redis.restart();
    await vi.waitFor(async () => expect(await confirmationsOf(registrationId)).toBe(1), PATIENCE);
    expect(await outboxState(outboxId)).toMatchObject({ done: true });
    // Five connections try again and again: the log hears of the outage once.
    const warnings = worker.output().match(/.*"level":"warn".*/g) ?? [];
    expect(warnings).toEqual([expect.stringContaining('"fault":"redis_away"')]);
    expect(await worker.stop()).toBe(0);
  });

  test("stops within ten seconds while Redis is away", async () => {
    const redis = await ownRedis();
    const worker = await startWorker({ REDIS_URL: redis.url });
    await redis.kill();
    const from = Date.now();
    expect(await worker.stop()).toBe(0);
    // 8.5 at most by its own limits; a busy machine takes longer for the rest.
    expect(Date.now() - from).toBeLessThan(20_000);
  });

  test("does not start in production on a Redis that evicts", async () => {
    const redis = await ownRedis({ args: ["--save", "", "--maxmemory-policy", "allkeys-lru"] });
    const { ended, output } = await spawnWorker({ REDIS_URL: redis.url, NODE_ENV: "production" });
    expect(await ended).toBe(1);
    expect(output()).toMatch(/^REDIS_URL: .*noeviction$/m);
  });

  test("does not start on a port that is taken, and names the setting", async () => {
    const { port } = await startWorker();
    const { ended, output } = await spawnWorker({ WORKER_PORT: String(port) });
    expect(await ended).toBe(1);
    expect(output()).toContain(`WORKER_PORT: cannot listen on ${port} (EADDRINUSE)`);
  });
});
