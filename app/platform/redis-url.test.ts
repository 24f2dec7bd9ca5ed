import { expect, test } from "vitest";
import { parseRedisUrls } from "./redis-url";

test("REDIS_URL is taken apart; what the first URL says applies to all", () => {
  expect(parseRedisUrls("rediss://me:p%40ss@a:1/3, rediss://b, rediss://[2001:db8::7]:2")).toEqual({
    servers: [
      { host: "a", port: 1 },
      { host: "b", port: 6379 },
      { host: "2001:db8::7", port: 2 },
    ],
    ...{ user: "me", password: "p@ss", db: 3, tls: true },
  });
});

test.each([
  ["localhost:6379", /must be a URL starting with redis:\/\/ or rediss:\/\//],
  ["redis://one:1,two:2", /must be a URL/],
  ["redis://one:1,rediss://two:2", /one kind of connection for all/],
  ["redis://one/seats", /"seats" is no number of a database/],
  ["rediss://one?tls_ca=x", /"tls_ca" is not supported/],
])("%s is refused", (url, why) => {
  expect(() => parseRedisUrls(url)).toThrow(why);
  expect(() => parseRedisUrls(url)).toThrow(/^REDIS_URL: [^\n]+$/);
});
