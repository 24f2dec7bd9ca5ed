import { expect, test } from "vitest";
import { canonicalAddress, keptAs } from "./email-address";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["Ada.Lovelace+math@Example.COM", "ada.lovelace+math@example.com"],
  ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
  ["x@xn--80a1acny.xn--p1ai", "x@xn--80a1acny.xn--p1ai"],
  ["иван@почта.рф", "иван@xn--80a1acny.xn--p1ai"],
  ["a@müller.de", "a@xn--mller-kva.de"],
  ["a@mu\u0308ller.de", "a@xn--mller-kva.de"],
  ["a@MÜLLER.de", "a@xn--mller-kva.de"],
  ["jose\u0301@example.com", "josé@example.com"],
  ["用户@例子。公司", "用户@xn--fsqu00a.xn--55qx5d"],
  [`${"x".repeat(64)}@example.com`, `${"x".repeat(64)}@example.com`],
  [`a@${"b".repeat(63)}.com`, `a@${"b".repeat(63)}.com`],
])("%s is kept as %s", (written, kept) => {
  expect(canonicalAddress(written)).toBe(kept);
  expect(canonicalAddress(kept)).toBe(kept);
});

test.each([
  "",
  "@",
  "ada",
  "@example.com",
  "ada@",
  "ada@localhost",
  "a b@example.com",
  "a@b@example.com",
  ".ada@example.com",
  "ada.@example.com",
  "a..b@example.com",
  '"a b"@example.com',
  "ada(comment)@example.com",
  "ada,bob@example.com",
  "ada@example-.com",
  "ada@-example.com",
  "ada@example..com",
  "ada@example.com.",
  "ada@.com",
  "ada@exa_mple.com",
  "ada@example.com:25",
  "ada@example.com/x",
  "ada@exa%6dple.com",
  "ada@127.0.0.1",
  "ada@[127.0.0.1]",
  "ada@0x7f.1",
  "ada@example.123",
  `${"x".repeat(65)}@example.com`,
  `${"ß".repeat(33)}@example.com`,
  `a@${"b".repeat(64)}.com`,
  `a@${"b.".repeat(126)}com`,
  "\u212Aate@example.com",
  "ｋate@example.com",
  "𝐤ate@example.com",
  "ka\u200bte@example.com",
  "kate@exam\u00adple.com",
  "kate\u3164@example.com",
  "ka\ufe0fte@example.com",
  "ka\u034fte@example.com",
  "kate\u{e0100}@example.com",
  `kate${"\u0316".repeat(9)}@example.com`,
  "ada\n@example.com",
])("%j is no address", (written) => {
  expect(canonicalAddress(written)).toBeNull();
});

test("an operator may type an address as people say it, and as earlier releases kept it", () => {
  expect(keptAs(" Ada@MÜLLER.de\n")).toBe("ada@xn--mller-kva.de");
  expect(keptAs("Ada@Example-.com")).toBe("ada@example-.com");
});
