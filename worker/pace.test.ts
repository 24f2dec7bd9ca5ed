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

const AT_ONCE = { most: Number.POSITIVE_INFINITY, yields: false };

test("mail leaves at once while orders come as they do every day", () => {
  const pass = setUp();
  expect(pass(0, 1_000_000)).toEqual(AT_ONCE);
  expect(pass(250, 40)).toEqual(AT_ONCE);
  expect(pass(250, 0, 3_600)).toEqual(AT_ONCE);
});

test("in a rush a little leaves, and all of it as soon as the rush is over", () => {
  const pass = setUp();
  pass(0, 0);
  expect(pass(250, 400)).toEqual({ most: 20, yields: true });
  expect(pass(250, 400, 9)).toMatchObject({ yields: true });
  expect(pass(250, 10, 9)).toEqual(AT_ONCE);
});

test("no rush makes mail wait for more than ten seconds", () => {
  const pass = setUp();
  pass(0, 0);
  expect(pass(250, 400, 9.9)).toMatchObject({ yields: true });
  expect(pass(250, 400, 10)).toEqual(AT_ONCE);
  expect(pass(250, 400, 2)).toMatchObject({ yields: true });
});

test("passes that follow at once do not take a moment's few for a rush, nor forget one", () => {
  const pass = setUp();
  pass(0, 0);
  expect(pass(5, 3)).toEqual(AT_ONCE);
  expect(pass(250, 400)).toMatchObject({ yields: true });
  expect(pass(5, 0)).toMatchObject({ yields: true });
});
