import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import express, { type Express } from "express";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { BODY_LIMIT_BYTES, bodyOf, readFormBody, refuseLongBody } from "./body";
import { refuseCrossSite } from "./csrf";
import { refuseMalformedUrl } from "./refusals";
import {
  believeProxies,
  clientAddress,
  nameRequest,
  requestedHost,
  requestedProtocol,
  requestIdOf,
} from "./request";
import { fileHeaders, hideAddress, keepNothing, securityHeaders } from "./security-headers";
import { staticFiles } from "./static-files";

const running: Server[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(configure: (app: Express) => void): Promise<string> {
  const app = express();
  configure(app);
  const server = app.listen(0, "127.0.0.1");
  running.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** `fetch` forbids a few headers and cleans up addresses; a raw request sends what it is told. */
function send(
  address: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; chunks?: Buffer[] },
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const { method = "GET", path = "/", headers = {}, chunks = [] } = options;
    const req = httpRequest({ hostname, port, method, path, headers }, (res) => {
      const parts: Buffer[] = [];
      res.on("data", (part: Buffer) => parts.push(part));
      res.on("end", () => {
        const body = Buffer.concat(parts).toString("utf8");
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body });
      });
    });
    req.on("error", reject);
    for (const chunk of chunks) req.write(chunk);
    req.end();
  });
}

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

  test("is refused when it arrived as a whole before anybody read it", async () => {
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

describe("the files in public/", () => {
  const folder = mkdtempSync(join(tmpdir(), "mini-compete-public-"));
  const files = {
    "public/icon.svg": "<svg/>",
    "public/.secret": "secret",
    "public/build/app-ABC.js": "run()",
    "public/build/app-ABC.js.br": brotliCompressSync("run()"),
    "secret.txt": "secret",
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  afterAll(() => rmSync(folder, { recursive: true }));

  const ask = async (
    path: string,
    options: { method?: string; br?: boolean; known?: string } = {},
  ) => {
    const address = await serve((app) => {
      app.use(keepNothing, staticFiles(folder, fileHeaders({ https: false })));
      app.use((_req, res) => void res.status(404).send("a page"));
    });
    const headers: Record<string, string> = options.br ? { "accept-encoding": "gzip, br" } : {};
    if (options.known) headers["if-none-match"] = options.known;
    return send(address, { path, headers, method: options.method });
  };

  test("are kept for a year when their names change with their content", async () => {
    const { status, headers, body } = await ask("/build/app-ABC.js");
    expect([status, body]).toEqual([200, "run()"]);
    expect(headers["cache-control"]).toBe("public,max-age=31536000,immutable");
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    const icon = await ask("/icon.svg");
    expect(icon.headers["cache-control"]).toBe("public,max-age=3600");
    expect(icon.headers["content-type"]).toBe("image/svg+xml; charset=utf-8");
    for (const path of ["/build/app-OLD.js", "/a-page"]) {
      expect((await ask(path)).headers["cache-control"]).toBe("no-store");
    }
    // What says that nothing has changed must not say to forget it.
    const { etag = "" } = (await ask("/icon.svg")).headers;
    const unchanged = await ask("/icon.svg", { known: String(etag) });
    expect([unchanged.status, unchanged.headers["cache-control"]]).toEqual([304, undefined]);
  });

  test("are no pages: opened as one they load, run and frame nothing", async () => {
    for (const path of ["/build/app-ABC.js", "/icon.svg", "/build/app-OLD.js"]) {
      expect((await ask(path)).headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringMatching(
          /^default-src 'none';.*frame-ancestors 'none'; sandbox$/,
        ),
        "cross-origin-resource-policy": "same-origin",
      });
    }
  });

  test("are sent as they were compressed by the build, to browsers that take that", async () => {
    const { headers } = await ask("/build/app-ABC.js", { br: true });
    expect(headers["content-encoding"]).toBe("br");
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(headers.vary).toContain("Accept-Encoding");
    expect((await ask("/build/app-ABC.js")).headers["content-encoding"]).toBeUndefined();
  });

  test("answer HEAD without a body, and nothing else but GET", async () => {
    const head = await ask("/icon.svg", { method: "HEAD" });
    expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", "6"]);
    expect((await ask("/icon.svg", { method: "POST" })).body).toBe("a page");
  });

  test.each([
    ["/build/app-OLD.js", "Not found\n"],
    ["/build", "Not found\n"],
    ["/.secret", "a page"],
    ["/../secret.txt", "a page"],
    ["/%2e%2e/secret.txt", "a page"],
    ["/build/..%2f..%2fsecret.txt", "Not found\n"],
  ])("%s is none of them", async (path, body) => {
    expect(await ask(path)).toMatchObject({ status: 404, body });
  });
});

interface Site {
  publicUrl?: string;
  trust?: string;
}

describe("an unsafe request", () => {
  const post = async (headers: Record<string, string>, { publicUrl, trust }: Site = {}) => {
    const address = await serve((app) => {
      app.use(believeProxies(trust));
      app.use(nameRequest, refuseCrossSite(new URL(publicUrl ?? "https://compete.example")));
      app.use((_req, res) => void res.send("changed"));
    });
    const own = headers.origin === "own" ? { ...headers, origin: address } : headers;
    return (await send(address, { method: "POST", headers: own })).status;
  };

  test.each([
    ["from this site", { origin: "own" }, 200],
    ["from the public address", { origin: "https://compete.example" }, 200],
    ["from another site", { origin: "https://evil.example" }, 403],
    ["from a site that hides", { origin: "null" }, 403],
    ["from another one", { origin: "null", "sec-fetch-site": "cross-site" }, 403],
    ["from one beside ours", { origin: "null", "sec-fetch-site": "same-site" }, 403],
    ["from a page of ours that hides", { origin: "null", "sec-fetch-site": "same-origin" }, 200],
    ["from what is no address", { origin: "compete.example" }, 403],
    ["from another site, by fetch metadata", { "sec-fetch-site": "cross-site" }, 403],
    ["from a sister site, by fetch metadata", { "sec-fetch-site": "same-site" }, 403],
    ["from this site, by fetch metadata", { "sec-fetch-site": "same-origin" }, 200],
    ["from a program that is no browser", {}, 200],
    [
      "with a foreign origin that claims to be same-origin",
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
      403,
    ],
  ])("%s", async (_name, headers: Record<string, string>, status) => {
    expect(await post(headers)).toBe(status);
  });

  test("is judged by the forwarded host only when the proxy is trusted", async () => {
    const headers = { origin: "https://evil.example", "x-forwarded-host": "evil.example" };
    expect(await post(headers)).toBe(403);
  });

  const plain = { origin: "http://compete.example", host: "compete.example" };
  const byHttps = { ...plain, "x-forwarded-proto": "https" };
  test.each<[string, Record<string, string>, Site, number]>([
    ["of a site that is public under HTTPS", plain, {}, 403],
    ["of a site that is asked for by HTTPS", byHttps, { publicUrl: "http://x", trust: "1" }, 403],
    ["of a site that has no HTTPS", plain, { publicUrl: "http://compete.example" }, 200],
    ["of a site that nobody calls public", plain, { publicUrl: "http://x" }, 200],
  ])("from the plain twin %s: %j", async (_name, headers, site, status) => {
    expect(await post(headers, site)).toBe(status);
  });

  test.each([
    ["https://compete.example", "compete.example:443", 200],
    ["https://other.example", "other.example", 200],
    ["http://other.example", "other.example", 403],
    ["http://other.example", "other.example:443", 403],
    ["http://other.example:80", "other.example:80", 403],
    ["ftp://other.example", "other.example", 403],
  ])("from %s to the host %s is answered with %i", async (origin, host, status) => {
    expect(await post({ origin, host })).toBe(status);
  });

  test.each<[string, Record<string, string>, number]>([
    ["with the port that is meant anyway", { host: "x.example:443" }, 200],
    ["with the plain port of who ends TLS", { host: "x.example:80" }, 200],
    ["in upper case", { host: "X.Example" }, 200],
    ["with the dot of the root", { host: "x.example.:443" }, 200],
    ["as a proxy says", { host: "in:1", "x-forwarded-host": "x.example:443" }, 200],
    ["as a proxy says, empty", { host: "x.example", "x-forwarded-host": "" }, 200],
    ["as a proxy says nonsense", { host: "in", "x-forwarded-host": "x.example/?" }, 403],
    ["of another port", { host: "x.example:8443" }, 403],
    ["of another name", { host: "x.example.evil.example" }, 403],
    ["inside", { host: "in:1" }, 403],
  ])("from https://x.example to a host %s: %j", async (_name, headers, status) => {
    const site = { publicUrl: "http://y", trust: "1" };
    expect(await post({ origin: "https://x.example", ...headers }, site)).toBe(status);
    expect(await post({ origin: "https://x.example:443", ...headers }, site)).toBe(status);
  });

  test("is judged by no host where there is none that makes sense", async () => {
    const site = { publicUrl: "http://y", trust: "1" };
    const headers = { origin: "https://null", "x-forwarded-host": "a b" };
    expect(await post(headers, site)).toBe(403);
  });

  test("is judged by the host that the trusted proxy added", async () => {
    const headers = {
      origin: "https://evil.example",
      "x-forwarded-host": "evil.example, compete.example",
    };
    expect(await post(headers, { trust: "1" })).toBe(403);
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
  ])("%s is answered with %i", async (path, status) => {
    expect(await get(path)).toBe(status);
  });

  test("with a host that is none is refused", async () => {
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

  test("what is forwarded must still make sense", async () => {
    const nonsense = { ...forwarded, "x-forwarded-for": "<script>", "x-request-id": "a b\t" };
    const answer = await ask("1", nonsense);
    expect(answer.address).toBe("127.0.0.1");
    expect(answer.requestId).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the security headers", () => {
  const headersOf = async (https: Parameters<typeof fileHeaders>[0]["https"]) => {
    const address = await serve((app) => {
      app.use(keepNothing, securityHeaders({ https, development: false }));
      app.use((_req, res) => void res.send("page"));
    });
    return (await send(address, {})).headers;
  };

  test("give every response a nonce of its own", async () => {
    const [first, second] = [await headersOf(false), await headersOf(false)];
    expect(first["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}'/);
    expect(first["content-security-policy"]).not.toBe(second["content-security-policy"]);
  });

  test("leave the origin in forms, which no-referrer would take away", async () => {
    expect((await headersOf(false))["referrer-policy"]).toBe("same-origin");
  });

  test("keep the address of a page to itself that is told to hide it", async () => {
    const address = await serve((app) => {
      app.use(securityHeaders({ https: false, development: false }), hideAddress);
      app.use((_req, res) => void res.send("page"));
    });
    const { headers } = await send(address, {});
    expect(headers).toMatchObject({ "referrer-policy": "no-referrer", "x-robots-tag": "noindex" });
  });

  test("insist on HTTPS only where there is HTTPS", async () => {
    const [plain, secure] = [await headersOf(false), await headersOf({ includeSubDomains: false })];
    expect(plain["strict-transport-security"]).toBeUndefined();
    expect(plain["content-security-policy"]).not.toContain("upgrade-insecure-requests");
    expect(secure["strict-transport-security"]).toBe("max-age=31536000");
    expect(secure["content-security-policy"]).toContain("upgrade-insecure-requests");
  });

  test("speak for subdomains only where they are told to, on pages and files alike", async () => {
    for (const includeSubDomains of [false, true]) {
      const https = { includeSubDomains };
      const page = (await headersOf(https))["strict-transport-security"];
      expect(page).toBe(fileHeaders({ https })["Strict-Transport-Security"]);
      expect(String(page).includes("includeSubDomains")).toBe(includeSubDomains);
    }
  });

  test("let nobody keep what does not say otherwise", async () => {
    expect((await headersOf(false))["cache-control"]).toBe("no-store");
  });
});
