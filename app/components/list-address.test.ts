import { expect, test } from "vitest";
import { listQueryOf } from "./list-address";

test.each([
  ["page=2&q=chess+open", "page=2&q=chess+open"],
  ["q=chess&utm_source=mail&x=1&__proto__=1", "q=chess"],
  ["q=chess&q=go&page=2", "q=chess&page=2"],
  [`q=${"x".repeat(401)}&tag=go`, "tag=go"],
  ["", ""],
])("?%s says of a list: %s", (address, said) => {
  expect(`${listQueryOf(new URLSearchParams(address))}`).toBe(said);
});

test("a search of 200 pictures is kept", () => {
  const query = listQueryOf(new URLSearchParams({ q: "🎉".repeat(200) }));
  expect(query.get("q")).toBe("🎉".repeat(200));
});
