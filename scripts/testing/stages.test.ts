import { expect, test } from "vitest";
import { parseTestArguments, STAGES } from "./stages.mjs";

test("without arguments every stage runs", () => {
  expect(parseTestArguments([])).toEqual({ stages: STAGES, pattern: undefined });
});

test("a stage can be picked, and files of it", () => {
  expect(parseTestArguments(["e2e"])).toEqual({ stages: ["e2e"], pattern: undefined });
  expect(parseTestArguments(["unit", "seat"])).toEqual({ stages: ["unit"], pattern: "seat" });
});

test.each([[["smoke"]], [["--help"]], [["unit", "a", "b"]]])("%j shows the usage", (args) => {
  expect(() => parseTestArguments(args)).toThrow(/usage: npm test/);
});
