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

describe("the page on OWASP ASVS", () => {
  const page = read("docs/asvs.md");

  /**
   * OWASP ASVS 5.0.0, levels 1 and 2: how many requirements each section has. They come first in it,
   * so a section with 3 has 1 to 3.
   */
  const SECTIONS: Record<string, number> = Object.fromEntries(
    `1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2
     4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2
     7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3
     11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3
     15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2`
      .split(/\s+/)
      .map((section) => section.split(":"))
      .map(([name = "", count]) => [name, Number(count)]),
  );

  const STATES = ["met", "not met", "operator", "n.a."];
  const ROW = /^\| (\d[\d., –]*) \| [^|]+ \| ([\w. ]+) \| (.+) \|$/gm;

  const rows = [...page.matchAll(ROW)].map(([, numbers = "", state = "", text = ""]) => ({
    requirements: numbers.split(", ").flatMap(requirementsOf),
    state,
    text,
  }));

  /** "6.5.1–5" is 6.5.1 to 6.5.5. */
  function requirementsOf(numbers: string): string[] {
    const [, section = "", first = "", last = first] =
      /^(\d+\.\d+)\.(\d+)(?:–(\d+))?$/.exec(numbers) ?? [];
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, index) => `${section}.${Number(first) + index}`);
  }

  test("has every requirement of levels 1 and 2, each once", () => {
    const wanted = Object.entries(SECTIONS).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    );
    expect(wanted).toHaveLength(253);
    expect(rows.flatMap(({ requirements }) => requirements).sort()).toEqual(wanted.sort());
  });

  test("each is met by something that is named, or not for a reason", () => {
    expect(rows.filter(({ state }) => !STATES.includes(state))).toEqual([]);
    const unnamed = rows.filter(({ state, text }) => state === "met" && !/`\w+\/|\]\(/.test(text));
    expect(unnamed).toEqual([]);
  });

  test("the tests that it names in words are there", () => {
    const named = [...page.matchAll(/`([\w/.-]+\.tsx?)` \("([^"]+)"\)/g)];
    expect(named.length).toBeGreaterThan(5);
    const missing = named.filter(([, file = "", name = ""]) => !read(file).includes(name));
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  test("the counts at its top are those of its rows, chapter by chapter", () => {
    const count = (chapter: RegExp, state: string) =>
      rows
        .filter((row) => row.state === state)
        .flatMap(({ requirements }) => requirements)
        .filter((requirement) => chapter.test(requirement)).length;
    const counts = (chapter: RegExp) => STATES.map((state) => count(chapter, state));
    const told = [
      ...page.matchAll(/^\| (V\d+|\*\*all\*\*) [^|]*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm),
    ];
    expect(told).toHaveLength(18);
    for (const [, name = "", ...figures] of told) {
      const chapter = name.startsWith("V") ? new RegExp(`^${name.slice(1)}\\.`) : /./;
      expect(figures.map(Number), name).toEqual(counts(chapter));
    }
  });
});
