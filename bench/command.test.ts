import { describe, expect, test } from "vitest";
import { done } from "../worker/ops/cli.ts";
import { benchCommand } from "./command.ts";

/** What the command line asks for, or how it is refused. */
async function read(...args: string[]) {
  let asked: object | undefined;
  const note = async (options: object) => {
    asked = options;
    return done({}, "");
  };
  const outcome = await benchCommand(args, { run: note, compare: note, comparePaint: note });
  return asked ?? outcome;
}

describe("the command line", () => {
  test("without anything runs everything", async () => {
    expect(await read()).toEqual({
      quick: false,
      only: [],
      rounds: 5,
      minutes: 35,
      networks: ["loopback", "delayed"],
      out: "bench/results",
      saveReference: false,
    });
  });

  test("takes what is asked for", async () => {
    const args = ["--quick", "--only", "hot,lone", "--network=loopback", "--rounds", "2"];
    expect(await read(...args)).toMatchObject({
      quick: true,
      only: ["hot", "lone"],
      rounds: 2,
      networks: ["loopback"],
    });
  });

  test("compares with another version", async () => {
    const out = "bench/results";
    expect(await read("--against", "v1")).toEqual({ against: "v1", quick: false, rounds: 15, out });
  });

  test("looks when pages are painted, beside another version or alone", async () => {
    const out = "bench/results";
    expect(await read("--paint", "--against", "v1")).toEqual({ against: "v1", rounds: 9, out });
    expect(await read("--paint", "--quick")).toEqual({ against: undefined, rounds: 3, out });
  });

  test.each([
    [["--only", "cold"], "--only"],
    [["--rounds", "none"], "--rounds"],
    [["--network", "mars"], "--network"],
    [["--minutes", "0"], "--minutes"],
    [["--fast"], "--fast"],
    [["fast"], "argument"],
  ])("%j is refused with a word about it", async (args, word) => {
    expect(await read(...args)).toEqual({ exitCode: 2, text: expect.stringContaining(word) });
  });
});
