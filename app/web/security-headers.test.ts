import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { send, serve } from "../../tests/support/express";
import { fileHeaders, hideAddress, keepNothing, securityHeaders } from "./security-headers";
import { staticFiles } from "./static-files";

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

  const start = () =>
    serve((app) => {
      app.use(keepNothing, staticFiles(folder, fileHeaders({ https: false })));
      app.use((_req, res) => void res.status(404).send("a page"));
    });
  const ask = async (
    path: string,
    options: { method?: string; br?: boolean; known?: string } = {},
  ) => {
    const address = await start();
    const headers: Record<string, string> = options.br ? { "accept-encoding": "gzip, br" } : {};
    if (options.known) headers["if-none-match"] = options.known;
    return send(address, { path, headers, method: options.method });
  };

  test("end their own answer when they are gone since the start, and nothing else", async () => {
    const gone = join(folder, "public/build/app-GONE.js");
    writeFileSync(gone, "run()");
    const address = await start();
    rmSync(gone);
    await expect(send(address, { path: "/build/app-GONE.js" })).rejects.toThrow();
    expect((await send(address, { path: "/icon.svg" })).status).toBe(200);
  });

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

  test("hide the address of a page that asks for it", async () => {
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

  test("let nobody cache what does not say otherwise", async () => {
    expect((await headersOf(false))["cache-control"]).toBe("no-store");
  });
});
