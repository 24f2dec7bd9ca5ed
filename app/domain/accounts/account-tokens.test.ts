import { expect, test } from "vitest";
import { findCode, findHash, hashOfCode } from "./account-tokens";

test("a token is known by its digest, and only texts that look like one are looked up", () => {
  const token = `${"A-_z".repeat(10)}abc`;
  expect(findHash(token)).toMatch(/^[0-9a-f]{64}$/);
  expect(findHash(token)).toBe(findHash(token));
  expect(findHash(token.toLowerCase())).not.toBe(findHash(token));
  for (const other of ["", token.slice(1), `${token}a`, `${token.slice(1)}=`, `${token}\n`]) {
    expect(findHash(other), other).toBeNull();
  }
});

test("a code is six digits, however they are grouped", () => {
  for (const typed of ["012345", "012 345", " 012-345 ", "0 1 2 3 4 5"]) {
    expect(findCode(typed), typed).toBe("012345");
  }
  for (const typed of ["", "12345", "0123456", "01234x", "٠١٢٣٤٥"]) {
    expect(findCode(typed), typed).toBeNull();
  }
});

test("a code has a different digest in another row", () => {
  expect(hashOfCode("a", "012345")).not.toBe(hashOfCode("b", "012345"));
});
