import { expect, test } from "vitest";
import { ALL_WORKLOADS, httpWorkloads } from "./all-workloads.ts";
import { roundsOf } from "./arena.ts";
import { TARGETS } from "./report/targets.ts";
import { choosePlays, shareOf, WORKLOADS } from "./workloads.ts";

test("every workload that is listed can be run, and the other way round", () => {
  const known = Object.keys(ALL_WORKLOADS);
  expect(WORKLOADS.map(({ name }) => name).sort()).toEqual(known.sort());
  const built = WORKLOADS.filter((listed) => listed.built).map(({ name }) => name);
  expect(built).toEqual(expect.arrayContaining(Object.keys(httpWorkloads)));
});

test("only where a delay tells something is it measured too", () => {
  const plays = choosePlays({ only: ["hot", "pages"], networks: ["loopback", "delayed"] });
  expect(plays.map(({ name, network }) => `${name} ${network}`)).toEqual([
    "hot loopback",
    "hot delayed",
    "pages loopback",
  ]);
});

test("what is left of the time is shared by weight", () => {
  expect(shareOf([{ seconds: 30 }, { seconds: 60 }, { seconds: 10 }], 50_000)).toBe(15_000);
  expect(shareOf([{ seconds: 10 }], 50_000)).toBe(50_000);
  expect(shareOf([{ seconds: 10 }], -5)).toBe(0);
});

test("a warm-up and one round are always played, and no more when the time is up", () => {
  expect([...roundsOf({ rounds: 5, forMs: 0 })]).toEqual([0, 1]);
  expect([...roundsOf({ rounds: 3, forMs: Number.POSITIVE_INFINITY })]).toEqual([0, 1, 2, 3]);
});

test("every target is about a workload that is listed, and has a bound", () => {
  const listed = WORKLOADS.map(({ name }) => name);
  for (const { workload, atLeast, atMost, says } of TARGETS) {
    expect(listed).toContain(workload);
    expect(atLeast ?? atMost).toBeGreaterThanOrEqual(0);
    expect(says).not.toBe("");
  }
});
