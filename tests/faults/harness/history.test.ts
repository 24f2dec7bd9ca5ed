import { describe, expect, test } from "vitest";
import { type Circumstances, contradictions, type Send, settled, verdictOf } from "./history";

const CALM: Circumstances = { redisForgot: false, deadlineMoved: false, closed: [] };

function send(verdict: Send["verdict"], from: number, changes: Partial<Send> = {}): Send {
  const body = verdict === "registered" ? '{"id":"1"}' : "";
  return { sentAt: from, heardAt: from + 10, verdict, body, isReplay: false, ...changes };
}

const under = (sends: Send[], around: Partial<Circumstances> = {}) =>
  contradictions({ key: "k", sends }, { ...CALM, ...around });

describe("answers under one key", () => {
  test("that agree are in order", () => {
    expect(under([send("unknown", 0), send("registered", 20), send("registered", 40)])).toEqual([]);
    expect(under([send("full", 0), send("full", 20)])).toEqual([]);
  });

  test("may not be two registrations", () => {
    const other = send("registered", 20, { body: '{"id":"2"}' });
    expect(under([send("registered", 0), other])[0]).toMatch(/two registrations/);
  });

  test("may not take a seat back, whatever Redis forgot", () => {
    const sends = [send("registered", 0), send("full", 20)];
    expect(under(sends, { redisForgot: true })).toEqual([
      'one key was told "registered" and "full"',
    ]);
  });

  test("may turn a place in line into nothing else: the seat is told by mail", () => {
    const joined = send("waiting", 0);
    expect(under([joined, send("waiting", 20, { body: joined.body })])).toEqual([]);
    expect(under([joined, send("full", 20)], { redisForgot: true })).toEqual([
      'one key was told "waiting" and "full"',
    ]);
    expect(under([joined, send("registered", 20, { body: '{"id":"1","seatNo":7}' })])[0]).toMatch(
      /two registrations/,
    );
  });

  test("may turn from full to a seat after a minute, or when Redis forgot", () => {
    const soon = [send("full", 0), send("registered", 1_000)];
    expect(under(soon)).toHaveLength(1);
    expect(under(soon, { redisForgot: true })).toEqual([]);
    expect(under([send("full", 0), send("registered", 61_000)])).toEqual([]);
  });

  test("may turn from closed to a seat only where the deadline was moved", () => {
    const sends = [send("closed", 0), send("registered", 20)];
    expect(under(sends)).toHaveLength(1);
    expect(under(sends, { deadlineMoved: true })).toEqual([]);
  });

  test("without a key are separate requests", () => {
    const sends = [send("registered", 0), send("already_registered", 20)];
    expect(contradictions({ key: undefined, sends }, CALM)).toEqual([]);
  });
});

describe("an attempt is settled", () => {
  const verdict = (sends: Send[]) => settled({ key: "k", sends })?.verdict;

  test("by a seat, whatever else was answered", () => {
    expect(verdict([send("full", 0), send("registered", 20), send("unknown", 40)])).toBe(
      "registered",
    );
  });

  test("by a refusal that was asked for after every unanswered sending was over", () => {
    expect(verdict([send("full", 0)])).toBe("full");
    expect(verdict([send("unknown", 0), send("full", 20)])).toBe("full");
  });

  test("without a key not by a closing, which says nothing about earlier sendings", () => {
    const sends = [send("unknown", 0), send("closed", 20)];
    expect(settled({ key: undefined, sends })).toBeUndefined();
    expect(verdict(sends)).toBe("closed");
  });

  test("by no refusal while a sending has no answer", () => {
    expect(verdict([send("full", 0), send("unknown", 0)])).toBeUndefined();
    expect(verdict([send("full", 0), send("unknown", 20)])).toBeUndefined();
    expect(verdict([send("unknown", 0)])).toBeUndefined();
  });
});

describe("a closed competition", () => {
  const closed = [{ from: 100, until: 200 }];

  test("gives no seat to requests sent after the closing was acknowledged", () => {
    expect(under([send("registered", 120)], { closed })).toHaveLength(1);
  });

  test("answers for requests from before, and repeats what it answered", () => {
    expect(under([send("unknown", 90), send("registered", 120)], { closed })).toEqual([]);
    expect(under([send("registered", 120, { isReplay: true })], { closed })).toEqual([]);
    expect(under([send("registered", 195)], { closed })).toEqual([]);
  });
});

describe("too early", () => {
  test("is no answer: the same key may get its seat later", () => {
    expect(settled({ key: "key", sends: [send("early", 0)] })).toBeUndefined();
    const sends = [send("early", 0), send("registered", 20)];
    expect(settled({ key: "key", sends })?.verdict).toBe("registered");
    expect(under(sends)).toEqual([]);
  });

  test("is never said to somebody who was told of a seat", () => {
    expect(under([send("registered", 0), send("early", 20)])).toEqual([
      'one key was told "registered" and "early"',
    ]);
  });
});

test("an undocumented answer is no verdict", () => {
  const reply = { heard: true as const, code: "", body: "", isReplay: false };
  const given = { ...reply, status: 201 };
  expect(verdictOf({ ...given, body: '{"status":"CONFIRMED"}' })).toBe("registered");
  expect(verdictOf({ ...given, body: '{"status":"WAITLISTED"}' })).toBe("waiting");
  expect(verdictOf({ ...reply, status: 409, code: "competition_full" })).toBe("full");
  expect(verdictOf({ ...reply, status: 503, code: "unavailable" })).toBe("unknown");
  expect(verdictOf({ heard: false })).toBe("unknown");
  expect(verdictOf({ ...reply, status: 500, code: "internal" })).toBeNull();
});
