import { type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { mailQueue } from "~/domain/mail/index.server";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { openOperatorPort } from "../../worker/operator-port";
import { closeScheduleQueue } from "../../worker/reminder-schedule";
import { closeMailAndEverything } from "../support/mail";

const TOKEN = "a-token-of-the-operator";
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (token: string) => ({
  authorization: `Basic ${Buffer.from(`me:${token}`).toString("base64")}`,
});

let server: Server;

beforeEach(() => {
  Object.assign(env(), { WORKER_PORT: 0, OPS_TOKEN: TOKEN, OPS_WRITE: "off", RATE_LIMITS: "on" });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

afterAll(async () => {
  await closeScheduleQueue();
  await closeMailAndEverything();
});

async function open(): Promise<void> {
  server = await openOperatorPort({
    running: { workers: [], loops: [] },
    isStopping: () => false,
  });
}

/** `fetch` sets `Host` itself. */
function ask(
  path: string,
  { method = "GET", ...headers }: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part) => {
        body += part;
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
      );
    });
    asked.on("error", reject).end();
  });
}

const own = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const PAUSE = "/queues/api/queues/mail/pause";

describe("the operator's port", () => {
  test("has the site's security headers, and lets nobody cache its answers", async () => {
    await open();
    const paths = ["/healthz", "/readyz", "/metrics", "/queues", "/queues/", "/nowhere"];
    for (const path of paths) {
      for (const headers of [{}, bearer(TOKEN)]) {
        const answer = await ask(path, headers);
        expect(answer.headers, path).toMatchObject({
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
          "x-frame-options": "DENY",
          "referrer-policy": "same-origin",
          "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        });
        expect(answer.headers["x-powered-by"]).toBeUndefined();
      }
    }
  });

  test.each([
    ["127.0.0.1", 200],
    ["10.1.2.3:9091", 200],
    ["[::1]:9091", 200],
    ["localhost:9091", 200],
    ["LOCALHOST", 200],
    ["worker", 200],
    ["worker.mini-compete.svc.cluster.local:9091", 200],
    ["ops.compete.example:9091", 200],
    ["evil.example", 421],
    ["evil.example:9091", 421],
    ["127.0.0.1.evil.example", 421],
    ["ops.compete.example.evil.example", 421],
    ["localhost.evil.example:9091", 421],
    ["127.0.0.1@evil.example", 421],
  ])("is asked as %s: %i", async (host, status) => {
    env().WORKER_HOSTNAMES = ["ops.compete.example"];
    await open();
    for (const path of ["/metrics", "/healthz"]) {
      expect((await ask(path, { host })).status).toBe(status);
    }
    expect((await ask("/queues/", { host, ...bearer(TOKEN) })).status).toBe(status);
  });

  test("takes no change that another site made a browser send", async () => {
    env().OPS_WRITE = "on";
    await open();
    const claims: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `http://${own()}.evil.example` },
      { origin: "http://127.0.0.1:1" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    ];
    for (const claim of claims) {
      const answer = await ask(PAUSE, { method: "PUT", ...basic(TOKEN), ...claim });
      expect([answer.status, answer.body], JSON.stringify(claim)).toEqual([
        403,
        "Refused: sent by another site.\n",
      ]);
    }
    expect(await mailQueue().isPaused()).toBe(false);
    const behindTls = { host: "worker:443", origin: "https://worker" };
    expect((await ask(PAUSE, { method: "PUT", ...basic(TOKEN), ...behindTls })).status).toBe(200);
    expect(await mailQueue().isPaused()).toBe(true);
    await mailQueue().resume();
  });
});

describe("the queue board", () => {
  test("is closed without a token of its own, and opens for those who have it", async () => {
    await open();
    expect((await ask("/queues/")).status).toBe(401);
    expect((await ask("/queues/", basic(TOKEN))).body).toContain("<html");
    expect((await ask("/queues/api/queues", bearer(TOKEN))).status).toBe(200);
    expect((await ask("/queues/", bearer(`${TOKEN}-`))).status).toBe(401);
    server.close();
    env().OPS_TOKEN = undefined;
    await open();
    expect((await ask("/queues/", bearer("undefined"))).status).toBe(403);
  });

  test("is read-only unless OPS_WRITE=on", async () => {
    await open();
    const headers = { method: "PUT", ...basic(TOKEN), origin: `http://${own()}` };
    const refused = await ask(PAUSE, headers);
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining("OPS_WRITE=on")]);
    expect(await mailQueue().isPaused()).toBe(false);
    const { queues } = JSON.parse((await ask("/queues/api/queues", bearer(TOKEN))).body);
    expect(queues).toMatchObject([{ readOnlyMode: true }, { readOnlyMode: true }]);
    server.close();
    env().OPS_WRITE = "on";
    await open();
    const own2 = { ...headers, origin: `http://${own()}` };
    expect((await ask(PAUSE, own2)).status).toBe(200);
    expect(await mailQueue().isPaused()).toBe(true);
    expect((await ask(PAUSE.replace("pause", "resume"), own2)).status).toBe(200);
    expect(await mailQueue().isPaused()).toBe(false);
  });

  test("makes senders of wrong tokens wait, and logs that, but never what was sent", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    await open();
    const warn = vi.spyOn(log, "warn");
    for (let count = 1; count <= 6; count++) {
      expect((await ask("/queues/", bearer(`wrong-${count}`))).status).toBe(401);
    }
    const waiting = await ask("/queues/", basic("wrong-7"));
    expect([waiting.status, waiting.headers["retry-after"]]).toEqual([429, "1"]);
    // Not even the right one is looked at meanwhile: it would tell a guess from a miss.
    expect((await ask("/queues/", bearer(TOKEN))).status).toBe(429);
    expect(warn).toHaveBeenCalledTimes(6);
    expect(warn).toHaveBeenLastCalledWith({ network: "127.0.0.1", wrong: 6 }, "wrong OPS_TOKEN");
    expect(JSON.stringify(warn.mock.calls)).not.toContain("wrong-");
    vi.advanceTimersByTime(1_000);
    expect((await ask("/queues/", bearer(TOKEN))).status).toBe(200);
    expect((await ask("/queues/", bearer("wrong"))).status).toBe(401);
    expect((await ask("/metrics")).status).toBe(200);
  });

  test("asks nobody to wait where limits are off", async () => {
    env().RATE_LIMITS = "off";
    await open();
    for (let count = 1; count <= 12; count++) {
      expect((await ask("/queues/", bearer("wrong"))).status).toBe(401);
    }
    expect((await ask("/queues/", bearer(TOKEN))).status).toBe(200);
  });
});
