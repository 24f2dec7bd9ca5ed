import { describe, expect, test } from "vitest";
import { addUp, countPlaywright, countVitest, judgeStage, summaryLine } from "./reports.ts";

const vitest = {
  numPassedTests: 7,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [{ status: "failed", assertionResults: [{}] }],
};

describe("counting", () => {
  test("vitest's report: todo and skipped tests are skipped", () => {
    expect(countVitest(vitest)).toEqual({ passed: 7, failed: 1, skipped: 3 });
  });

  test("a test file that cannot be loaded is a failure", () => {
    const broken = { status: "failed", assertionResults: [] };
    expect(countVitest({ ...vitest, testResults: [broken] }).failed).toBe(2);
  });

  test("Playwright's report: a flaky test is no pass, and an error outside of tests counts", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });
});

describe("judging a stage", () => {
  const allWell = { passed: 3, failed: 0, skipped: 0 };

  test("passing tests and exit code 0 stand as they are", () => {
    expect(judgeStage(allWell, { exitCode: 0 })).toEqual(allWell);
  });

  test.each([
    ["there is no report", null, 0],
    ["the tool failed although no test did", allWell, 1],
    ["the tool was killed", allWell, undefined],
    ["no test ran", { passed: 0, failed: 0, skipped: 4 }, 0],
  ])("it fails when %s", (_why, counts, exitCode) => {
    expect(judgeStage(counts, { exitCode }).failed).toBe(1);
  });

  test("failed tests are not counted twice for the exit code that they cause", () => {
    expect(judgeStage({ passed: 1, failed: 2, skipped: 0 }, { exitCode: 1 }).failed).toBe(2);
  });

  test("by name, a stage without such a test is no failure, and the others are not skipped", () => {
    const none = { passed: 0, failed: 0, skipped: 9 };
    expect(judgeStage(none, { exitCode: 1, byName: true })).toEqual({ ...none, skipped: 0 });
    const one = { passed: 1, failed: 0, skipped: 9 };
    expect(judgeStage(one, { exitCode: 0, byName: true })).toEqual({ ...one, skipped: 0 });
    expect(judgeStage(one, { exitCode: 1, byName: true }).failed).toBe(1);
  });
});

test("the last line adds up the stages and names skipped tests only when there are any", () => {
  const stages = [
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 40, failed: 2, skipped: 0 },
  ];
  expect(summaryLine(addUp(stages))).toBe("41 passed, 2 failed");
  expect(summaryLine({ passed: 5, failed: 0, skipped: 1 })).toBe("5 passed, 0 failed, 1 skipped");
});
