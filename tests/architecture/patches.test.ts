import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GUARDS, type Guard } from "../faults/guards";
import { applyPatch, type Patch } from "../faults/guards/patch";
import { PROJECT } from "../faults/guards/sources";
import { MUTATIONS } from "../faults/mutations";

function patched({ patches }: { patches: Patch[] }): void {
  const texts = new Map<string, string>();
  for (const patch of patches) {
    const { file } = patch;
    const text = texts.get(file) ?? readFileSync(join(PROJECT, file), "utf8");
    texts.set(file, applyPatch(text, patch));
  }
}

describe("every patch matches the source exactly once", () => {
  test.each(Object.entries<Guard>(GUARDS))("guard %s", (_, guard) => {
    expect(guard.patches.length).toBeGreaterThan(0);
    patched(guard);
  });
});

describe("every mutation matches the source exactly once, and names a test that there is", () => {
  test.each(MUTATIONS.map((mutation) => [mutation.what, mutation] as const))(
    "%s",
    (_, mutation) => {
      patched({ patches: [mutation.patch] });
      const { file, test: name } = mutation.noticedBy;
      expect(readFileSync(join(PROJECT, file), "utf8")).toContain(name);
    },
  );
});

describe("a patch is refused", () => {
  const file = "app/domain/registration/lock.ts";

  test("that matches nothing", () => {
    const patch = { file, find: "this stands nowhere", replace: "" };
    expect(() => patched({ patches: [patch] })).toThrow(`${file}: a patch matches 0 times`);
  });

  test("that matches twice", () => {
    const patch = { file, find: "a", replace: "b" };
    expect(() => applyPatch("abba", patch)).toThrow("a patch matches 2 times");
  });

  test("that looks for nothing", () => {
    expect(() => applyPatch("text", { file, find: "", replace: "b" })).toThrow("0 times");
  });
});

test("a patch's replacement is taken as it is, dollar signs too", () => {
  const patch = { file: "", find: "b", replace: "${$&}" };
  expect(applyPatch("abc", patch)).toBe("a${$&}c");
});
