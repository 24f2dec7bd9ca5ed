import { describe, expect, test } from "vitest";
import { apartTests } from "./apart.ts";

describe("a unit test has a process of its own", () => {
  test.each([
    "app/web/drain.test.ts", // signals, and a module that is another
    "app/web/poll-pace.test.ts", // the clock
    "app/web/cluster.test.ts", // starts processes
    "app/platform/log.test.ts",
  ])("if it does something to all of it: %s", (file) => {
    expect(apartTests()).toContain(file);
  });

  test("and no other has", () => {
    expect(apartTests()).not.toContain("app/platform/markdown.test.ts");
  });
});
