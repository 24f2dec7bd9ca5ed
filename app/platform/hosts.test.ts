import { describe, expect, test } from "vitest";
import { cannotListen, isOfHost, parseOrigin } from "./hosts";

describe("an origin", () => {
  test.each([
    ["https://x.example", "https://x.example"],
    ["HTTPS://X.Example:443", "https://x.example"],
    ["http://x.example:80", "http://x.example"],
    ["https://[0:0:0:0:0:0:0:1]:8443", "https://[::1]:8443"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
  ])("%s is %s", (text, origin) => {
    expect(parseOrigin(text)?.origin).toBe(origin);
  });

  test.each([
    "",
    "null",
    "x.example",
    "//x.example",
    "ftp://x.example",
    "file://",
    "blob:https://x.example",
    "javascript:https://x.example",
    "https://me@x.example",
    "https://x.example@evil.example",
    "https://x.example/path",
    "https://x.example?query",
    "https://x.example#part",
    "https://x.example\\@evil.example",
    "https://x.example https://evil.example",
    "https://x.example, https://evil.example",
    "https://x.example:443:443",
    "https://x.example:99999",
    "https://",
  ])("%j is none", (text) => {
    expect(parseOrigin(text)).toBeNull();
  });
});

describe("the origin and the host that was asked for", () => {
  const isSame = (origin: string, host: string) => {
    const parsed = parseOrigin(origin);
    return parsed !== null && isOfHost(parsed, host);
  };

  test.each([
    ["https://x.example", "x.example:443"],
    ["https://x.example:443", "x.example"],
    ["https://x.example", "x.example:80"],
    ["http://x.example", "x.example:80"],
    ["http://x.example:80", "X.EXAMPLE"],
    ["http://x.example:3000", "x.example:3000"],
    ["https://x.example.", "x.example"],
    ["https://x.example", "x.example."],
    ["https://x.example", "x.example.:443"],
    ["http://[::1]:3000", "[::1]:3000"],
    ["http://[::1]", "[0:0:0:0:0:0:0:1]:80"],
    ["https://[2001:db8::7]", "[2001:DB8::7]:443"],
    ["http://127.0.0.1:3000", "127.0.0.1:3000"],
  ])("%s and %s are the same", (origin, host) => {
    expect(isSame(origin, host)).toBe(true);
  });

  test.each([
    ["http://x.example", "x.example:443"],
    ["https://x.example:8443", "x.example"],
    ["https://x.example", "x.example:8443"],
    ["https://x.example:80", "x.example"],
    ["https://x.example", "y.example"],
    ["https://x.example", "x.example.evil.example"],
    ["https://evil-x.example", "x.example"],
    ["https://a.x.example", "x.example"],
    ["https://x.example", "a.x.example"],
    ["https://x.example..", "x.example"],
    ["https://x.example", "x.example@evil.example"],
    ["https://evil.example", "x.example@evil.example"],
    ["https://x.example", "x.example/evil"],
    ["https://x.example", ""],
    ["http://[::1]", "[::2]"],
    ["http://[::1]:3000", "localhost:3000"],
    ["http://xn--e1awd7f.example", "epic.example"],
  ])("%s and %s are not", (origin, host) => {
    expect(isSame(origin, host)).toBe(false);
  });
});

test.each([
  ["", "EADDRINUSE", "PORT: cannot listen on 80 (EADDRINUSE)"],
  ["", "EACCES", "PORT: cannot listen on 80 (EACCES)"],
  ["", "ENOTFOUND", "HOST: cannot listen on 999.1.1.1 (ENOTFOUND)"],
  ["WORKER_", "EADDRNOTAVAIL", "WORKER_HOST: cannot listen on 999.1.1.1 (EADDRNOTAVAIL)"],
  ["METRICS_", "EADDRINUSE", "METRICS_PORT: cannot listen on 80 (EADDRINUSE)"],
] as const)("who cannot listen (%s%s) is told which setting to change", (of, code, line) => {
  const error = Object.assign(new Error("no"), { code });
  expect(cannotListen(of, { host: "999.1.1.1", port: 80 }, error)).toBe(line);
});
