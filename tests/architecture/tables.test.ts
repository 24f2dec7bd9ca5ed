import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The tables of each subject. */
const OWNERS: Record<string, string> = {
  user: "accounts",
  session: "accounts",
  account_token: "accounts",
  competition: "competitions",
  cover_image: "competitions",
  competition_change: "competitions",
  seat: "registration",
  registration: "registration",
  stored_answer: "registration",
  competition_edition: "registration",
  calendar_feed: "registration",
  redis_gap: "registration",
  outbox: "mail",
  mail_box: "mail",
  mail_delivery: "mail",
  mail_turn: "mail",
  failed_job: "mail",
};

/** Tables that other subjects' queries may join: who, and what for. Everything else has a door. */
const JOINED = new Set(["user", "competition"]);

/** Other subjects' tables that a piece of SQL reads or writes without being allowed to. */
function trespasses(file: string, text: string): string[] {
  const [, subject = ""] = /^app\/domain\/(\w+)\//.exec(file) ?? [];
  const found: string[] = [];
  for (const [, verb = "", table = ""] of text.matchAll(SQL)) {
    const owner = OWNERS[table];
    if (!owner || owner === subject) continue;
    const reads = /from$|join$/i.test(verb) && !/delete/i.test(verb);
    if (!(reads && JOINED.has(table) && subject !== "")) found.push(`${file}: ${verb} ${table}`);
  }
  return found;
}

const SQL = /\b(insert into|update|delete from|from|join)\s+"?([a-z_]+)"?(?=[\s,)"`])/g;

test("each table is written by its own subject, and read elsewhere where it may be joined", () => {
  const files = readdirSync(join(root, "app"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    trespasses(relative(root, file).split(sep).join("/"), readFileSync(file, "utf8")),
  );
  expect(found).toEqual([]);
});

test.each([
  ["app/domain/reminders/plant.ts", "`select id from registration where seat_no > 0`"],
  ["app/domain/competitions/plant.ts", "`insert into outbox (kind) values ('x')`"],
  ["app/domain/registration/plant.ts", "`update competition set capacity = 1`"],
  ["app/web/plant.ts", '`select 1 from "user" u`'],
])("%s may not say %s", (file, text) => {
  expect(trespasses(file, text)).toHaveLength(1);
});

test("a join with a competition is allowed", () => {
  const text = "`select 1 from registration r join competition c on c.id = r.competition_id`";
  expect(trespasses("app/domain/registration/plant.ts", text)).toEqual([]);
});
