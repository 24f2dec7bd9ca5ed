import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`),
  "deploy/README.md",
];

/** Relative links of a document that lead nowhere. */
function brokenLinks(document: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(join(root, dirname(document), target)));
}

/** Files and folders of the repository that a text names in backticks and that do not exist. */
function missingPaths(text: string): string[] {
  return [...text.matchAll(/`((?:app|worker|scripts|tests|bench|docs|deploy)\/[\w./$@[\]-]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !existsSync(join(root, path)));
}

describe("the documents", () => {
  test.each(documents)("%s names what exists", (document) => {
    expect(brokenLinks(document, read(document))).toEqual([]);
    // A decision record may name what a later decision took away.
    if (!document.startsWith("docs/decisions/")) {
      expect(missingPaths(read(document))).toEqual([]);
    }
  });

  test("a link and a path that lead nowhere are noticed", () => {
    expect(brokenLinks("docs/plant.md", "See [this](../app/nowhere.ts).")).toHaveLength(1);
    expect(missingPaths("Read `app/domain/nowhere.ts` first.")).toHaveLength(1);
  });

  test("the README has at most 900 words outside its code", () => {
    const prose = read("README.md").replace(/^```[\s\S]*?^```$/gm, "");
    expect(prose.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(900);
  });
});

describe("the walk of one registration", () => {
  const files = [...read("docs/architecture.md").matchAll(/^\| \d+ \| `([^`]+)` \|/gm)].map(
    ([, file = ""]) => file,
  );

  test("leads through files that exist, each named once", () => {
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => !statSync(join(root, file)).isFile())).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
  });

  test("takes at most 26 files and 2,500 lines", () => {
    const lines = files.reduce((sum, file) => sum + read(file).split("\n").length - 1, 0);
    expect(files.length).toBeLessThanOrEqual(26);
    expect(lines).toBeLessThanOrEqual(2_500);
  });
});
