import { describe, expect, test } from "vitest";
import { readOptions } from "./options";

const read = (...args: string[]) => readOptions(args, ["hot", "lone"]);

describe("the command line", () => {
  test("without anything runs everything", () => {
    expect(read()).toEqual({
      status: "run",
      options: {
        quick: false,
        only: [],
        rounds: 5,
        minutes: 20,
        networks: ["loopback", "delayed"],
        out: "bench/results",
        saveReference: false,
      },
    });
  });

  test("takes what is asked for", () => {
    const request = read("--quick", "--only", "hot,lone", "--network=loopback", "--rounds", "2");
    expect(request).toMatchObject({
      options: { quick: true, only: ["hot", "lone"], rounds: 2, networks: ["loopback"] },
    });
  });

  test.each([
    [["--only", "cold"], "cold"],
    [["--rounds", "none"], "--rounds"],
    [["--network", "mars"], "--network"],
    [["--minutes", "0"], "--minutes"],
    [["--fast"], "--fast"],
  ])("%j is refused with a word about it", (args, word) => {
    expect(readOptions(args, ["hot"])).toMatchObject({
      status: "wrong",
      why: expect.stringContaining(word),
    });
  });
});
