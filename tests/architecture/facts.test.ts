import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv as readEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { parseEnv } from "~/platform/env";
import { schema } from "~/platform/env-schema";
import packageJson from "../../package.json";
import { projectFolder } from "../../scripts/services/places.ts";

const read = (path: string) => readFileSync(join(projectFolder, path), "utf8");
const OPERATIONS = read("docs/operations.md");

/** Sources that run, as one text. */
const CODE = globSync("{app,worker}/**/*.{ts,tsx}", { cwd: projectFolder })
  .filter((file) => !file.includes(".test."))
  .map(read)
  .join("\n");

/** What the pattern's first group finds, each once, in order. */
function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = ""]) => found))].sort();
}

/** The section of a document below a heading, down to the next one of any level. */
function section(text: string, heading: string): string {
  const [, after = ""] = text.split(`\n${heading}\n`);
  return after.split(/^#+ /m)[0] ?? "";
}

/** What the first cell of each row names in backticks. */
function firstCells(table: string): string[] {
  const cells = [...table.matchAll(/^ *\| ([^|]+) \|/gm)].map(([, cell = ""]) => cell);
  return all(cells.join("\n"), /`([^`]+)`/g);
}

describe("settings", () => {
  const names = Object.keys(schema.shape).sort();

  test(".env.example has each, and says its default", () => {
    const example = { ...readEnv(read(".env.example")) };
    expect(Object.keys(example).sort()).toEqual(names);
    expect(parseEnv(example)).toEqual(parseEnv({}));
  });

  test("docs/operations.md has each, and says its default", () => {
    const rows = section(OPERATIONS, "## Configuration").match(/^\| `.*$/gm) ?? [];
    const defaults: Record<string, unknown> = parseEnv({});
    const untold = names.filter((name) => {
      const [, told = ""] = rows.find((row) => row.includes(`\`${name}\``))?.split(" | ") ?? [];
      return told === "" || !told.replaceAll(",", "").includes(String(defaults[name] ?? ""));
    });
    expect(untold).toEqual([]);
    const named = all(rows.join("\n"), /`([A-Z][A-Z_]{2,})`/g);
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });
});

test("docs/operations.md has every metric, and no other", () => {
  const made = /(?:counter|gauge|histogram|countedSeries|timedSeries)\(\{\s*name: "(\w+)"/g;
  const told = firstCells(section(OPERATIONS, "## Metrics"));
  expect(told).toEqual(all(CODE, made));
  expect(told.length).toBeGreaterThan(20);
});

test("docs/operations.md has every reason for not being ready", () => {
  const reasons = all(CODE, /^ {2}\| "((?:database|redis)_\w+)"/gm);
  expect(reasons.length).toBeGreaterThan(12);
  expect(reasons.filter((reason) => !OPERATIONS.includes(`\`${reason}\``))).toEqual([]);
});

test("docs/api.md has every error code, with its status", () => {
  const codes = all(read("app/api/problem.ts"), /^ {2}(\w+: [45]\d\d),$/gm);
  const rows = section(read("docs/api.md"), "## Errors").matchAll(/^\| `(\w+)` \| (\d+) \|/gm);
  const told = [...rows].map(([, code, status]) => `${code}: ${status}`);
  expect(told.sort()).toEqual([...codes, "internal: 500"].sort());
});

describe("docs/data.md", () => {
  const data = read("docs/data.md");

  test("has every table of the database, and no other", () => {
    const tables = globSync("app/domain/*/tables.ts", { cwd: projectFolder }).map(read).join("\n");
    const told = firstCells(section(data, "## PostgreSQL"));
    expect(told).toEqual(all(tables, /tableName: "(\w+)"/g));
  });

  test("has every cookie, and no other", () => {
    const told = firstCells(section(data, "## Elsewhere"));
    expect(told).toEqual([...all(CODE, /\bcookieName\("(\w+)"\)/g), "tz"].sort());
  });
});

describe("documents", () => {
  const documents = [
    ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"],
    ...globSync("docs/**/*.md", { cwd: projectFolder }),
  ];

  test("name npm's commands as package.json has them", () => {
    const named = all(documents.map(read).join("\n"), /\bnpm run (?:--silent )?([a-z][a-z:]*)/g);
    expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });

  test("lead to headings that exist", () => {
    const headings = new Map<string, string[]>();
    const headingsOf = (file: string) => {
      const known = headings.get(file) ?? anchorsOf(read(file));
      headings.set(file, known);
      return known;
    };
    const broken = documents.flatMap((document) =>
      [...read(document).matchAll(/\]\((?!\w+:)([^)\s#]*)#([^)\s]+)\)/g)]
        .map(([, file = "", anchor = ""]) => ({
          file: file ? join(dirname(document), file) : document,
          anchor,
        }))
        .filter(({ file, anchor }) => !headingsOf(file).includes(anchor))
        .map(({ file, anchor }) => `${document}: ${file}#${anchor}`),
    );
    expect(broken).toEqual([]);
  });

  test.each(["README.md", "docs/architecture.md"])("%s draws files that exist", (document) => {
    const trees = (read(document).match(/^```\n[\s\S]*?^```$/gm) ?? []).join("\n");
    const drawn = all(trees, /(?<![\w*./])([\w.-]+\.(?:tsx?|lua))\b/g);
    const files = globSync("{app,worker}/**/*.{ts,tsx,lua}", { cwd: projectFolder });
    expect(drawn.filter((name) => !files.some((file) => file.endsWith(`/${name}`)))).toEqual([]);
  });
});

test("the list of decisions has each record, in order, with its title, status and date", () => {
  const folder = "docs/decisions";
  const records = readdirSync(join(projectFolder, folder)).filter((name) => /^\d/.test(name));
  const lines = records.sort().map((name) => {
    const text = read(`${folder}/${name}`);
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
    const [, status = "", by] = /^- Status: (\w+)(?: by \[(\d+)\])?/m.exec(text) ?? [];
    const [, date] = /^- Date: ([\d-]+)/m.exec(text) ?? [];
    return `| [${number}](${name}) | ${title} | ${by ? `${status} by ${by}` : status} | ${date} |`;
  });
  expect(read(`${folder}/README.md`).match(/^\| \[.*$/gm)).toEqual(lines);
});

test("docs/mutations.md counts the mutations of each list", () => {
  const folder = "tests/faults/mutations";
  const lists = all(read(`${folder}/index.ts`), /from "\.\/(?!mutation")([\w-]+)"/g);
  const made = lists.map((name) => {
    const count = read(`${folder}/${name}.ts`).match(/^ +noticedBy: \[/gm)?.length;
    return `${name}.ts: ${count}`;
  });
  const rows = read("docs/mutations.md").matchAll(/^\| `([\w-]+\.ts)` \| (\d+) \|/gm);
  expect([...rows].map(([, name, count]) => `${name}: ${count}`).sort()).toEqual(made);
});

/** As a renderer makes anchors of headings. */
function anchorsOf(markdown: string): string[] {
  const headings = markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
