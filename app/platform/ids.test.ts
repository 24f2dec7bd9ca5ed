import { expect, test } from "vitest";
import { isUuid, toUuid, withCanonicalIds } from "./ids";

const ID = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

test("an id counts only as it is written in keys and locks", () => {
  expect(isUuid(ID)).toBe(true);
  for (const other of [ID.toUpperCase(), `{${ID}}`, ID.replaceAll("-", ""), `${ID}\n`, ` ${ID}`]) {
    expect(isUuid(other), other).toBe(false);
  }
});

test("an id typed in upper case is the same id", () => {
  expect(toUuid(ID.toUpperCase())).toBe(ID);
  expect(toUuid("nothing")).toBeNull();
  // Its lower case is an ASCII k, which is no digit of an id either.
  expect(toUuid(`${ID.slice(0, -1)}\u212A`)).toBeNull();
});

test("a path has its ids in lower case, and keeps the rest as it was asked for", () => {
  const upper = ID.toUpperCase();
  expect(withCanonicalIds(`/competitions/${upper}`)).toBe(`/competitions/${ID}`);
  expect(withCanonicalIds(`/competitions/${upper}.data?q=${upper}`)).toBe(
    `/competitions/${ID}.data?q=${upper}`,
  );
  expect(withCanonicalIds(`/mailbox/${upper}/x?Q=1?2`)).toBe(`/mailbox/${ID}/x?Q=1?2`);
  expect(withCanonicalIds("/Competitions/New?Q=A")).toBe("/Competitions/New?Q=A");
});
