import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeRedirect, visitorTimeZone } from "./pages";

describe("a redirect", () => {
  test.each(["/", "/competitions?q=a%20b&page=2", "/competitions/1#top", "/a/../b"])(
    "%s stays within the site",
    (to) => expect(safeRedirect(to)).toBe(new URL(to, "http://x").href.slice("http://x".length)),
  );

  test.each([
    null,
    undefined,
    "",
    "competitions",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/ /evil.example",
    "/.//evil.example\n",
    "javascript:alert(1)",
  ])("%j leads to the fallback", (to) => expect(safeRedirect(to, "/fallback")).toBe("/fallback"));

  test("whatever is asked for, the browser stays on the site", () => {
    const parts = fc.constantFrom("/", "\\", ".", "..", "evil.example", "%2f", "@", ":", "?", "#");
    fc.assert(
      fc.property(
        fc.array(parts).map((all) => `/${all.join("")}`),
        (to) => {
          expect(new URL(safeRedirect(to), "http://site.example").origin).toBe(
            "http://site.example",
          );
        },
      ),
    );
  });
});

describe("the visitor's time zone", () => {
  const zoneFor = (cookie?: string) =>
    visitorTimeZone(new Request("http://localhost/", cookie ? { headers: { cookie } } : {}));

  test("the zone is what the browser reported", () => {
    expect(zoneFor("tz=Europe%2FParis")).toBe("Europe/Paris");
    expect(zoneFor("__Host-tz=Europe%2FParis")).toBe("Europe/Paris");
    expect(zoneFor("session=abc; tz=Asia%2FKolkata; other=1")).toBe("Asia/Kolkata");
  });

  test.each([
    undefined,
    "",
    "tz=",
    "tz=Mars%2FOlympus",
    "tz=%E0%A4%A",
    "notz=Europe%2FParis",
    "tz=<b>",
  ])("the zone is UTC while the cookie is %j", (cookie) => {
    expect(zoneFor(cookie)).toBe("UTC");
  });
});
