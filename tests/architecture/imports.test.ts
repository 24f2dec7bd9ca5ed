import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findViolations, type Violation } from "./cruise";
import { importRules } from "./rules";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Doors, Remix' entry, and what stands beside a page. */
const MAY_SAY_SERVER =
  /^app\/((web|api|domain\/\w+)\/index\.server\.ts|entry\.server\.tsx|routes\/[^/]+\/[\w-]+\.server\.ts)$/;

describe("the import rules", () => {
  test("hold for every file of the app and the worker, and only doors say .server", async () => {
    const { files, violations } = await findViolations(root);
    expect(files.filter((file) => file.startsWith("app/")).length).toBeGreaterThan(100);
    expect(files.filter((file) => file.startsWith("worker/")).length).toBeGreaterThan(5);
    expect(violations).toEqual([]);

    // What is behind a door needs no suffix: a browser build stops at the door.
    const suffixed = files.filter((file) => file.includes(".server."));
    expect(suffixed.filter((file) => !MAY_SAY_SERVER.test(file))).toEqual([]);
  }, 30_000);
});

/** Imports that no file may have, and the rule that each breaks. */
const PLANTED: [rule: string, from: string, to: string][] = [
  ["platform", "app/platform/a.ts", "app/domain/registration/index.server.ts"],
  ["platform", "app/platform/b.ts", "app/domain/registration/tables.ts"],
  ["components", "app/components/a.tsx", "app/domain/accounts/index.server.ts"],
  ["components", "app/components/b.tsx", "app/web/index.server.ts"],
  ["components", "app/components/c.tsx", "app/platform/ids.ts"],
  ["domain", "app/domain/accounts/a.ts", "app/web/sessions.ts"],
  ["domain", "app/domain/accounts/b.ts", "app/components/button.tsx"],
  ["web", "app/web/a.ts", "app/api/index.server.ts"],
  ["web", "app/web/b.ts", "app/domain/accounts/log-in.ts"],
  ["api", "app/api/a.ts", "app/web/rate-limits.ts"],
  ["api", "app/api/b.ts", "app/domain/registration/register.ts"],
  ["api", "app/api/c.ts", "app/components/button.tsx"],
  ["worker", "worker/a.ts", "app/domain/mail/outbox.ts"],
  ["worker", "worker/b.ts", "app/routes/login/route.tsx"],
  ["worker", "worker/c.ts", "app/web/index.server.ts"],
  ["frame", "app/root.tsx", "app/domain/accounts/index.server.ts"],
  ["frame", "app/entry.client.tsx", "app/web/sessions.ts"],
  ["pages", "app/routes/login/a.tsx", "app/web/sessions.ts"],
  ["pages", "app/routes/login/b.server.ts", "app/platform/orm.ts"],
  ["pages", "app/routes/login/c.server.ts", "app/domain/accounts/log-in.ts"],
  ["pages-apart", "app/routes/mailbox_.$id/a.tsx", "app/routes/login/route.tsx"],
  ["pages-apart", "app/routes/login/d.tsx", "app/routes/mailbox_.$id/route.tsx"],
  [
    "pages-reach-the-domain-by-their-server",
    "app/routes/login/route.tsx",
    "app/domain/accounts/index.server.ts",
  ],
  ["api-is-mounted", "app/routes/login/e.server.ts", "app/api/index.server.ts"],
  ["one-domain-a-process", "app/web/server.ts", "app/web/index.server.ts"],
  ["one-domain-a-process", "app/web/app.ts", "app/platform/orm.ts"],
  [
    "subjects-by-their-door",
    "app/domain/competitions/a.ts",
    "app/domain/registration/seats/redis.ts",
  ],
  [
    "tables-by-foreign-keys",
    "app/domain/competitions/tables.ts",
    "app/domain/accounts/index.server.ts",
  ],
  [
    "tables-by-foreign-keys",
    "app/domain/competitions/a.sql.ts",
    "app/domain/accounts/index.server.ts",
  ],
  ["subjects-in-order", "app/domain/registration/a.ts", "app/domain/competitions/index.server.ts"],
  ["no-circles", "app/platform/c.ts", "app/platform/d.ts"],
];

/** A circle is reported once, at its first import. */
const REST_OF_THE_CIRCLE = ["app/platform/d.ts", "app/platform/c.ts"] as const;

/** Imports that look alike, and are allowed. */
const ALLOWED: [from: string, to: string][] = [
  ["app/domain/registration/tables.ts", "app/domain/competitions/tables.ts"],
  ["app/domain/mail/tables.ts", "app/domain/registration/tables.ts"],
  ["app/domain/reminders/b.ts", "app/domain/registration/tables.ts"],
  ["app/domain/registration/b.ts", "app/domain/competitions/tables.ts"],
  ["app/domain/registration/b.ts", "app/domain/competitions/b.sql.ts"],
  ["app/platform/e.ts", "app/domain/tables.ts"],
  ["app/routes/mailbox_.$id/b.tsx", "app/routes/mailbox_.$id/c.server.ts"],
  ["app/routes/seats/route.ts", "app/domain/competitions/index.server.ts"],
  ["app/routes/api.$/route.ts", "app/api/index.server.ts"],
  ["app/domain/reminders/a.ts", "app/domain/mail/index.server.ts"],
  ["app/components/d.ts", "app/platform/zoned-time.ts"],
];

describe("a planted import", () => {
  const planted = mkdtempSync(join(tmpdir(), "mini-compete-imports-"));
  let violations: Violation[] = [];

  beforeAll(async () => {
    const forbidden = PLANTED.map(([, from, to]) => [from, to] as const);
    const all = [...forbidden, REST_OF_THE_CIRCLE, ...ALLOWED];
    const files = new Map<string, string>();
    for (const file of all.flat()) files.set(file, "export {};\n");
    for (const [from, to] of all)
      files.set(from, `${files.get(from)}import "${toward(from, to)}";\n`);
    for (const [file, text] of files) {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      writeFileSync(join(planted, file), text);
    }
    ({ violations } = await findViolations(planted));
  }, 30_000);
  afterAll(() => rmSync(planted, { recursive: true }));

  test.each(PLANTED)("breaks the rule %s: %s → %s", (rule, from, to) => {
    expect(violations).toContainEqual({ rule, from, to });
  });

  test.each(ALLOWED)("%s → %s breaks none", (from, to) => {
    expect(violations.filter((one) => one.from === from && one.to === to)).toEqual([]);
  });

  test("stands here for every rule", () => {
    const rules = importRules(["login"]).map(({ name }) => name);
    expect(new Set(PLANTED.map(([rule]) => rule))).toEqual(new Set(rules));
  });
});

function toward(from: string, to: string): string {
  const path = to.startsWith("app/") ? `~/${to.slice("app/".length)}` : relative(dirname(from), to);
  return path.replace(/\.tsx?$/, "");
}
