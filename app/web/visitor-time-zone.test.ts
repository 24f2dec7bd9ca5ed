import { expect, test } from "vitest";
import { visitorTimeZone } from "./visitor-time-zone";

const zoneFor = (cookie?: string) =>
  visitorTimeZone(new Request("http://localhost/", cookie ? { headers: { cookie } } : {}));

test("the zone is what the browser reported", () => {
  expect(zoneFor("tz=Europe%2FParis")).toBe("Europe/Paris");
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
