import { describe, expect, test } from "vitest";
import { send, serve } from "../../tests/support/express";
import { refuseCrossSite } from "./csrf";
import { believeProxies, nameRequest } from "./request";

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

  test("is refused where no host makes sense", async () => {
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
