import { expect, test } from "vitest";
import { paceOfMail } from "./pace";

function setUp() {
  let now = 0;
  const pace = paceOfMail(() => now);
  /** A pass some time after the last one, when so many orders have come since. */
  let lastId = 0;
  return (ms: number, orders: number, waitsSeconds = 0) => {
    now += ms;
    lastId += orders;
    return pace.next({ lastId, waitsSeconds });
  };
}

const AT_ONCE = Number.POSITIVE_INFINITY;
const A_FEW = 20;

test("mail leaves at once while orders come as they do every day", () => {
  const pass = setUp();
  expect(pass(0, 1_000_000)).toBe(AT_ONCE);
  expect(pass(250, 40)).toBe(AT_ONCE);
  expect(pass(250, 0, 3_600)).toBe(AT_ONCE);
});

test("in a rush a little leaves, and all of it as soon as the rush is over", () => {
  const pass = setUp();
  pass(0, 0);
  expect(pass(250, 400)).toBe(A_FEW);
  expect(pass(250, 400, 9)).toBe(A_FEW);
  expect(pass(250, 10, 9)).toBe(AT_ONCE);
});

test("no rush makes mail wait for more than ten seconds", () => {
  const pass = setUp();
  pass(0, 0);
  expect(pass(250, 400, 9.9)).toBe(A_FEW);
  expect(pass(250, 400, 10)).toBe(AT_ONCE);
  expect(pass(250, 400, 2)).toBe(A_FEW);
});

test("passes that follow at once do not take a moment's few for a rush, nor forget one", () => {
  const pass = setUp();
  pass(0, 0);
  expect(pass(5, 3)).toBe(AT_ONCE);
  expect(pass(250, 400)).toBe(A_FEW);
  expect(pass(5, 0)).toBe(A_FEW);
});
