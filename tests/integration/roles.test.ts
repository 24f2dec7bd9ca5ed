import { readFileSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { listMailbox } from "~/domain/mail/index.server";
import { env } from "~/platform/env";
import { migrateUp } from "~/platform/migrator";
import { lookAtPostgres } from "../../worker/doctor/look-at-postgres";
import { opsCommand } from "../../worker/ops/commands/command";
import { closeScheduleQueue } from "../../worker/reminder-schedule";
import { dropDatabase } from "../support/databases";
import { createPerson } from "../support/fixtures";
import { closeMailAndEverything, confirmationsOf, registerSomebody } from "../support/mail";
import { startWorker } from "../support/worker-process";

const serverUrl = inject("serverUrl");
const database = `roles_${process.pid}`;
const [owner, app] = [`${database}_owner`, `${database}_app`];

/** The statements of docs/operations.md, with names that no other test uses. */
const documented = readFileSync("docs/operations.md", "utf8");
const section = /### Roles\n([\s\S]*?)\n## /.exec(documented)?.[1] ?? "";
const [byAdministrator = "", byOwner = ""] = [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(
  ([, sql = ""]) => sql.replaceAll(/\bmini_compete(?=_owner|_app|\b)/g, database),
);

function urlAs(role: string, password: string): string {
  const url = new URL(serverUrl);
  Object.assign(url, { username: role, password, pathname: `/${database}` });
  return url.href;
}

async function run(url: string, statements: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of statements.split(";").filter((each) => each.trim())) await client.query(sql);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  await run(serverUrl, byAdministrator);
  const ownerUrl = urlAs(owner, "one of its own");
  await run(ownerUrl, byOwner);
  Object.assign(env(), {
    DATABASE_URL: urlAs(app, "another"),
    MIGRATE_DATABASE_URL: ownerUrl,
  });
  await migrateUp();
});
afterAll(async () => {
  await closeScheduleQueue();
  await closeMailAndEverything();
  await dropDatabase({ serverUrl, name: database });
  await run(serverUrl, `drop role if exists "${app}"; drop role if exists "${owner}"`);
});

test("the application's role reads and writes, and owns nothing", async () => {
  expect(await lookAtPostgres()).toMatchObject({
    status: "answers",
    facts: {
      role: app,
      isSuperuser: false,
      isOwner: false,
      missingRights: [],
      areMigrationsCurrent: true,
    },
  });
  const drop = run(urlAs(app, "another"), "drop table seat");
  await expect(drop).rejects.toMatchObject({ code: "42501" });
});

test("registrations, mail and the operator's commands work under it", async () => {
  const { user, registrationId } = await registerSomebody();
  const worker = await startWorker({ DATABASE_URL: urlAs(app, "another") });
  const patience = { timeout: 30_000, interval: 50 };
  await vi.waitFor(async () => expect(await confirmationsOf(registrationId)).toBe(1), patience);
  expect(await worker.stop()).toBe(0);
  // Its loops find and forget what is old, too.
  expect(worker.output()).not.toMatch(/42501|loop failed/);
  expect(await listMailbox({ actor: user })).toHaveLength(1);
  const { email } = await createPerson();
  const lines = ["status", "reconcile", "failed list", "mail list", "reminders run"];
  for (const line of [...lines, `user role ${email} ORGANIZER`]) {
    const outcome = await opsCommand(line.split(" "));
    expect(outcome, line).toMatchObject({ exitCode: 0 });
  }
});

test("a right that is missing is named", async () => {
  await run(urlAs(owner, "one of its own"), `revoke update on registration from ${app}`);
  const found = await lookAtPostgres();
  expect(found).toMatchObject({ facts: { missingRights: ["update on registration"] } });
});
