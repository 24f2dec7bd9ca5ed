import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { cutPage } from "./page-template";

const MARKS = { nonce: "1e0f-nonce", name: "77aa-name" };
const PAGE = `<p>77aa-name &amp; Söhne</p><script nonce="1e0f-nonce">go("[\\"77aa-name\\",\\"a\\"]")</script><b title="77aa-name">`;

/** What the page's script was handed, as a browser reads it. */
function handedOver(html: string): unknown {
  const [, argument = ""] = /go\((.*)\)<\/script>/s.exec(html) ?? [];
  return JSON.parse(JSON.parse(argument));
}

test.each(["Ada", `</script><b>"it's" & \\ \\u0041 $& $1`, "line\u2028break, Ünïcödé, 日本, 😀"])(
  "a name is put in where it is text, attribute or data: %j",
  (name) => {
    const html = cutPage(PAGE, MARKS).fill({ nonce: "n+/=", name }, "identity").toString();
    const inHtml = name
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#x27;");
    expect(html.startsWith(`<p>${inHtml} &amp; Söhne</p><script nonce="n+/=">go(`)).toBe(true);
    expect(html.endsWith(`)</script><b title="${inHtml}">`)).toBe(true);
    expect(handedOver(html)).toEqual([name, "a"]);
    expect(html.match(/<\/script/g)).toHaveLength(1);
    // Older browsers end a text in a script there.
    expect(/go\(.*?\)/s.exec(html)?.[0]).not.toMatch(/[\u2028\u2029]/);
  },
);

test("a packed page is the same page, for one visitor after another", () => {
  const template = cutPage(PAGE + "<hr>".repeat(20_000), MARKS);
  for (const name of ["Ada", "", "Bob & Bea"]) {
    const plain = template.fill({ nonce: "n", name }, "identity");
    const packed = template.fill({ nonce: "n", name }, "gzip");
    expect(gunzipSync(packed).equals(plain)).toBe(true);
    expect(packed.length).toBeLessThan(plain.length / 50);
  }
});

test("a page is never sent with a gap, or a mark, in it", () => {
  const template = cutPage(PAGE, MARKS);
  expect(() => template.fill({ nonce: "n" }, "identity")).toThrow("no value for name");
  const html = template.fill({ nonce: "n", name: "x" }, "identity").toString();
  for (const mark of Object.values(MARKS)) expect(html).not.toContain(mark);
});
