import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findCycle, readImports } from "./imports";
import { forbidden } from "./rules";

const root = fileURLToPath(new URL("../..", import.meta.url));
const graph = readImports(root, ["app", "worker"]);

describe("the import rules", () => {
  test("hold for every file of the app and the worker", () => {
    expect(graph.size).toBeGreaterThan(50);
    const broken = [...graph].flatMap(([from, targets]) =>
      targets
        .map((to) => ({ from, to, why: forbidden(from, to) }))
        .filter(({ why }) => why !== null),
    );
    expect(broken).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    expect(findCycle(graph)).toBeNull();
  });

  test.each([
    ["app/routes/login/route.tsx", "app/domain/accounts/log-in.ts"],
    ["app/routes/login/route.tsx", "app/platform/orm.ts"],
    ["app/components/button.tsx", "app/domain/accounts/index.server.ts"],
    ["app/domain/accounts/log-in.ts", "app/web/auth.ts"],
    ["app/domain/registration/index.server.ts", "app/domain/competitions/index.server.ts"],
    ["app/domain/competitions/index.server.ts", "app/domain/registration/seats/keys.ts"],
    ["app/platform/redis.ts", "app/domain/registration/index.server.ts"],
    ["worker/main.ts", "app/domain/mail/relay-outbox.ts"],
    ["worker/main.ts", "app/routes/login/route.tsx"],
  ])("%s may not import %s", (from, to) => {
    expect(forbidden(from, to)).not.toBeNull();
  });

  test("a circle is found", () => {
    const circle = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["a"]],
    ]);
    expect(findCycle(circle)).toEqual(["a", "b", "c", "a"]);
  });
});
