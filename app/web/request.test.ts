import { describe, expect, test } from "vitest";
import { send, serve } from "../../tests/support/express";
import { BODY_LIMIT_BYTES, bodyOf, readFormBody, refuseLongBody } from "./body";
import { refuseMalformedUrl } from "./refusals";
import {
  believeProxies,
  clientAddress,
  nameRequest,
  requestedHost,
  requestedProtocol,
  requestIdOf,
} from "./request";

describe("a body over 64 KiB", () => {
  const start = () =>
    serve((app) => {
      app.use(nameRequest, refuseLongBody, readFormBody);
      app.use((_req, res) => void res.json({ length: bodyOf(res)?.length ?? null }));
    });

  test("is refused by its declared length", async () => {
    const body = Buffer.alloc(BODY_LIMIT_BYTES + 1);
    const headers = { "content-length": String(body.length) };
    const answer = await send(await start(), { method: "POST", headers, chunks: [body] });
    expect(answer.status).toBe(413);
    expect(answer.headers["content-type"]).toContain("text/html");
  });

  test("is refused by what arrives when it declares nothing", async () => {
    const chunks = Array.from({ length: 9 }, () => Buffer.alloc(8 * 1024));
    const headers = { "transfer-encoding": "chunked" };
    expect((await send(await start(), { method: "POST", headers, chunks })).status).toBe(413);
  });

  test("is answered as problem+json under /api", async () => {
    const body = Buffer.alloc(BODY_LIMIT_BYTES + 1);
    const headers = { "content-length": String(body.length) };
    const answer = await send(await start(), {
      method: "POST",
      path: "/api/x",
      headers,
      chunks: [body],
    });
    expect(answer.status).toBe(413);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(JSON.parse(answer.body)).toMatchObject({ status: 413, requestId: expect.any(String) });
  });

  test("is refused even if all of it had arrived before anybody read it", async () => {
    const address = await serve((app) => {
      app.use(nameRequest, (req, _res, next) => {
        // Until this the stream is paused: everything is there when it is read.
        setImmediate(function look() {
          if (req.complete) next();
          else setImmediate(look);
        });
      });
      app.use(readFormBody);
    });
    const headers = { "transfer-encoding": "chunked" };
    const chunks = [Buffer.alloc(BODY_LIMIT_BYTES + 1)];
    expect((await send(address, { method: "POST", headers, chunks })).status).toBe(413);
  });

  test("of exactly 64 KiB is still read whole", async () => {
    const headers = { "transfer-encoding": "chunked" };
    const chunks = [Buffer.alloc(BODY_LIMIT_BYTES - 1), Buffer.alloc(1)];
    const answer = await send(await start(), { method: "POST", headers, chunks });
    expect(JSON.parse(answer.body)).toEqual({ length: BODY_LIMIT_BYTES });
  });
});

describe("an address", () => {
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const address = await serve((app) => {
      app.use(nameRequest, refuseMalformedUrl);
      app.use((_req, res) => void res.send("found"));
    });
    return (await send(address, { path, headers })).status;
  };

  test.each([
    ["/competitions?q=caf%C3%A9", 200],
    ["/%E0%A4%A", 400],
    ["/competitions/%00", 400],
    ["/competitions?q=%00", 400],
    ["/competitions?_data=root", 400],
    ["http://other.example/", 400],
    ["/competitions?q=%E0%A4%A", 200],
    ["/x/../competitions", 400],
    ["/x/%2E./competitions", 400],
    ["/competitions/./7", 400],
    ["/competitions/%2e%2E", 400],
    ["/competitions/..#/7", 400],
    ["/competitions\\7\\participants", 400],
    ["/competitions?q=/../\\", 200],
    ["/.well-known/a..b/...", 200],
  ])("%s is answered with %i", async (path, status) => {
    expect(await get(path)).toBe(status);
  });

  test("with an invalid host is refused", async () => {
    expect(await get("/", { host: "a b" })).toBe(400);
    expect(await get("/", { host: "evil.example/path?" })).toBe(400);
  });
});

describe("behind a proxy", () => {
  const ask = async (trust: string | undefined, headers: Record<string, string>) => {
    const address = await serve((app) => {
      app.use(believeProxies(trust));
      app.use(nameRequest, (req, res) => {
        res.json({
          address: clientAddress(req),
          host: requestedHost(req),
          protocol: requestedProtocol(req),
          requestId: requestIdOf(res),
        });
      });
    });
    return JSON.parse((await send(address, { headers })).body);
  };
  const forwarded = {
    host: "inside:3000",
    "x-forwarded-for": "198.51.100.7",
    "x-forwarded-host": "compete.example",
    "x-forwarded-proto": "https",
    "x-request-id": "from-outside-1",
  };

  test.each([undefined, "off"])(
    "nothing forwarded is believed with TRUST_PROXY=%s",
    async (off) => {
      const answer = await ask(off, forwarded);
      expect(answer).toMatchObject({
        ...{ address: "127.0.0.1", host: "inside:3000", protocol: "http" },
      });
      expect(answer.requestId).toMatch(/^[0-9a-f]{16}$/);
    },
  );

  test.each(["1", "loopback", "127.0.0.1"])("TRUST_PROXY=%s believes it", async (trust) => {
    expect(await ask(trust, forwarded)).toEqual({
      address: "198.51.100.7",
      host: "compete.example",
      protocol: "https",
      requestId: "from-outside-1",
    });
  });

  test.each(["1", "loopback"])(
    "only what the proxy added counts, and not what it was told (TRUST_PROXY=%s)",
    async (trust) => {
      const told = {
        ...forwarded,
        "x-forwarded-for": "10.1.1.1, 198.51.100.7",
        "x-forwarded-host": "evil.example, compete.example",
        "x-forwarded-proto": "https, http",
      };
      expect(await ask(trust, told)).toMatchObject({
        ...{ address: "198.51.100.7", host: "compete.example", protocol: "http" },
      });
    },
  );

  test.each(["2", "loopback, 10.0.0.0/8"])(
    "of two proxies the outer one counts (TRUST_PROXY=%s)",
    async (trust) => {
      const told = {
        ...forwarded,
        "x-forwarded-for": "1.1.1.1, 198.51.100.7, 10.0.0.2:4711",
        "x-forwarded-host": "evil.example, compete.example, inside",
        "x-forwarded-proto": "http, https, http",
      };
      expect(await ask(trust, told)).toMatchObject({
        ...{ address: "198.51.100.7", host: "compete.example", protocol: "https" },
      });
      // The inner one may replace what the outer one said.
      const replaced = { ...told, "x-forwarded-host": "compete.example" };
      expect(await ask(trust, replaced)).toMatchObject({ host: "compete.example" });
    },
  );

  test.each([
    ["198.51.100.7:5678", "198.51.100.7"],
    ["[2001:db8::7]:5678", "2001:db8::7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["2001:db8::7", "2001:db8::7"],
    ["[::ffff:198.51.100.7]:5678", "198.51.100.7"],
    ["198.51.100.7:port", "127.0.0.1"],
    ["unknown", "127.0.0.1"],
  ])("X-Forwarded-For: %s is the client %s", async (told, address) => {
    expect(await ask("1", { "x-forwarded-for": told })).toMatchObject({ address });
  });

  test("forwarded values must still make sense", async () => {
    const nonsense = { ...forwarded, "x-forwarded-for": "<script>", "x-request-id": "a b\t" };
    const answer = await ask("1", nonsense);
    expect(answer.address).toBe("127.0.0.1");
    expect(answer.requestId).toMatch(/^[0-9a-f]{16}$/);
  });
});
