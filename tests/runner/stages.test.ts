import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectFolder } from "../../scripts/services/places.ts";
import { LONGEST } from "./longest-first.ts";
import { ALONE, MEASURED } from "./recovery.ts";
import { parseTestArguments, STAGES, shiftsOf } from "./stages.ts";

const TESTS = {
  "app/domain/seats.test.ts": () => `test("the last seat goes to one of fifty")`,
  "tests/integration/seats.test.ts": () => `test("a wiped Redis")`,
  "tests/e2e/login.spec.ts": () => `test("logs in"); test("the last seat is sold")`,
  "tests/faults/harness/history.test.ts": () => "",
  "tests/faults/redis-cluster.test.ts": () => "",
};
const parse = (...args: string[]) => parseTestArguments(args, TESTS);
const chosen = (...args: string[]) =>
  parse(...args).stages.map(({ stage, files }) => [stage, ...files]);

test("without arguments every stage runs", () => {
  expect(chosen()).toEqual(STAGES.map((stage) => [stage]));
});

describe("a stage", () => {
  test("can be picked", () => {
    expect(chosen("e2e")).toEqual([["e2e"]]);
  });

  test("and files of it", () => {
    expect(chosen("unit", "seats")).toEqual([["unit", "app/domain/seats.test.ts"]]);
  });
});

describe("shifts", () => {
  const shifts = (...args: string[]) =>
    shiftsOf(parse(...args).stages).map((lanes) =>
      lanes.map((lane) => lane.map(({ stage }) => stage)),
    );

  test("browsers and faults work beside the rest, and recovery is measured alone", () => {
    const rest = ["faults", "lint", "types", "unit"];
    expect(shifts()).toEqual([[["integration"], ["e2e"], rest], [["recovery"]]]);
  });

  test("a part of the tests is one lane", () => {
    expect(shifts("e2e")).toEqual([[["e2e"]]]);
    expect(shifts("tests/integration")).toEqual([[["integration"]]]);
    expect(shifts("faults")).toEqual([[["faults"]]]);
  });
});

describe("a file", () => {
  test.each([
    ["tests/e2e/login.spec.ts", "e2e"],
    ["history", "faults"],
    ["redis-cluster", "recovery"],
    ["./app/domain/seats.test.ts", "unit"],
    [`${projectFolder}/tests/integration/seats.test.ts`, "integration"],
  ])("%s is run by the stage %s", (file, stage) => {
    expect(chosen(file).map(([each]) => each)).toEqual([stage]);
  });

  test("is a part of a path, and there may be several", () => {
    expect(chosen("seats", "login").map(([stage]) => stage)).toEqual([
      "unit",
      "integration",
      "e2e",
    ]);
  });
});

describe("a name", () => {
  test("is looked for in the files that spell it out", () => {
    expect(parse("-t", "last seat").name).toBe("last seat");
    expect(chosen("-t", "last seat").map(([stage]) => stage)).toEqual(["unit", "e2e"]);
    expect(chosen("e2e", "-t", "last seat").map(([stage]) => stage)).toEqual(["e2e"]);
  });

  test("that no file spells out is looked for everywhere", () => {
    expect(chosen("-t", "last .* sold")).toHaveLength(5);
  });
});

test.each([[["smoke"]], [["--help"]], [["unit", "login"]], [["-t"]]])(
  "%j shows the usage",
  (args) => {
    expect(() => parse(...args)).toThrow(/usage: npm test/);
  },
);

test("the files that are named, to begin first or to be measured alone, are there", () => {
  const named = [...LONGEST, ...MEASURED, ALONE];
  expect(named.filter((file) => !existsSync(join(projectFolder, file)))).toEqual([]);
});
