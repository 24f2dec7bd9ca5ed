import { describe, expect, onTestFinished, test, vi } from "vitest";
import { env } from "~/platform/env";
import { logInSchema, signUpSchema } from "./accounts.schema";

const good = {
  name: "Ada Lovelace",
  email: "ada@example.com",
  password: "password123",
  role: "PARTICIPANT",
};

const isTaken = (changes: object) => signUpSchema.safeParse({ ...good, ...changes }).success;

describe("signing up takes", () => {
  test("an address in any case, and keeps it in lower case", () => {
    expect(signUpSchema.parse({ ...good, email: " Ada@Example.COM " }).email).toBe(good.email);
  });

  test.each([
    ["8 characters", "12345678", true],
    ["7 characters", "1234567", false],
    ["8 bytes in 4 characters", "ßßßß", false],
    ["2 characters in 4 of JavaScript's", "😀😀", false],
    ["8 characters beyond the basic plane", "😀".repeat(8), true],
    ["8 characters that are 4 when they are composed", "ä".normalize("NFD").repeat(4), false],
    ["1 character that stands for 18", "\ufdfa", true],
    ["72 bytes", "x".repeat(72), true],
    ["73 bytes", "x".repeat(73), false],
    ["74 bytes in 37 characters", "ß".repeat(37), false],
    ["72 bytes, when its 96 parts are composed", "ᾧ".normalize("NFD").repeat(24), true],
    ["99 bytes, when its 3 characters are spelled out", "\ufdfa".repeat(3), false],
    ["blanks, which count", "        ", true],
    ["a NUL character, where bcrypt would end", "pass\u0000word", false],
  ])("a password of %s: %j %s", (_name, password, taken) => {
    expect(isTaken({ password })).toBe(taken);
  });

  test("one password however its accents are composed", () => {
    const [composed, decomposed] = ["pässwörd".normalize("NFC"), "pässwörd".normalize("NFD")];
    expect(composed).not.toBe(decomposed);
    const parsed = [composed, decomposed].map(
      (password) => signUpSchema.parse({ ...good, password }).password,
    );
    expect(parsed[0]).toBe(parsed[1]);
  });

  test("none of the most common passwords, where they are refused", () => {
    const common = ["password123", "PassWord123", "12345678", "qwertyuiop", "ｉｌｏｖｅｙｏｕ"];
    for (const password of common) expect(isTaken({ password }), password).toBe(true);
    env().COMMON_PASSWORDS = "refuse";
    for (const password of common) expect(isTaken({ password }), password).toBe(false);
    expect(isTaken({ password: "correct horse 9" })).toBe(true);
    const { error } = signUpSchema.safeParse(good);
    expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      ["password", expect.stringMatching(/most common passwords/)],
    ]);
    env().COMMON_PASSWORDS = "allow";
  });

  test.each([
    ["Ada\nBcc: all@example.com", false],
    ["\u0000", false],
    ["\ud800", false],
    ["👩🏽‍🔬 Ðorđe O’Neill-李", true],
    ["x".repeat(100), true],
    ["x".repeat(101), false],
    [" \t ", false],
    ["St. John Y.Li", true],
    ["علی\u200cرضا", true],
    ["Win at evil.example/pay", false],
    ["Paula \u202Eolleh", false],
    ["Pay\u200bPal", false],
    ["\u0301", false],
    ["\u2800", false],
  ])("the name %j: %s", (name, taken) => {
    expect(isTaken({ name })).toBe(taken);
  });

  test("a name that is refused, and is told why", () => {
    const told = (name: string) =>
      signUpSchema.safeParse({ ...good, name }).error?.issues.map(({ message }) => message);
    expect(told("www.evil.example")).toEqual(["A name cannot contain a web or email address."]);
    expect(told(`Z${"\u0336".repeat(30)}`)).toEqual([
      "A letter of a name can have at most 8 accents.",
    ]);
    expect(told("a\u200bb")).toEqual(["A name cannot contain invisible characters."]);
    expect(told("a.b@".repeat(16_000))).toEqual(["A name can have at most 100 characters."]);
  });

  test.each([
    "",
    "a",
    "a@b",
    "a b@example.com",
    `${"x".repeat(250)}@x.yz`,
    "\u212Aate@example.com",
  ])("not the address %j", (email) => expect(isTaken({ email })).toBe(false));
});

test("accents that would take long to put in order are refused before that", () => {
  const normalize = vi.spyOn(String.prototype, "normalize");
  onTestFinished(() => normalize.mockRestore());
  const slow = `a${"\u0301".repeat(1_000)}${"\u0316".repeat(1_000)}`;
  for (const field of ["name", "email", "password"]) {
    expect(isTaken({ [field]: slow }), field).toBe(false);
  }
  expect(logInSchema.safeParse({ email: slow, password: slow }).success).toBe(false);
  expect(normalize.mock.contexts.filter((text) => String(text).includes(slow))).toEqual([]);
});

test("logging in accepts any password: an impossible one is wrong, not malformed", () => {
  for (const password of ["x", "x".repeat(500)]) {
    expect(logInSchema.safeParse({ email: good.email, password }).success).toBe(true);
  }
});
