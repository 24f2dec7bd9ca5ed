import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { relayOutbox } from "~/domain/mail/index.server";
import { syncSeats } from "~/domain/registration/index.server";
import { env } from "~/platform/env";
import { MIGRATION_NAMES, migrateWithin } from "~/platform/migrate-within";
import { areMigrationsCurrent } from "~/platform/migration-state";
import { closeDatabase, database } from "~/platform/orm";
import { createPool } from "~/platform/postgres";
import { makeTemporaryFolder } from "../../scripts/services/places.ts";
import { startMailWorker } from "../../worker/mail-worker";
import {
  type BackupHeader,
  readArchive,
  type TableRows,
  writeArchive,
} from "../../worker/ops/archive";
import { opsCommand } from "../../worker/ops/commands/command";
import { restore } from "../../worker/ops/restore";
import { call, newCaller } from "../support/api-client";
import { expressEntry, listen } from "../support/api-servers";
import { createDatabase, dropDatabase } from "../support/databases";
import { eventually } from "../support/eventually";
import { confirmedSeats, createPeople, openCompetition, wipeRedis } from "../support/fixtures";
import { mustHold } from "../support/holding";
import { closeMailAndEverything, confirmationsOf, registerSomebody } from "../support/mail";
import { mustRegister, persist } from "../support/registering";
import { commitTogether } from "../support/registration-parts";

const serverUrl = inject("serverUrl");
const name = new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
const folder = makeTemporaryFolder("backup");
const file = join(folder, "today.backup");
const [big, small] = [60, 30];

/** Made before the tests: two competitions in a rush, and somebody who had registered before it. */
let competitions: string[];
let first: { token: string; answer: { text: string } };
let site: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  site = await listen(expressEntry());
  competitions = await Promise.all([big, small].map((capacity) => openCompetition({ capacity })));
  const { token } = await newCaller();
  first = { token, answer: await ask(token) };
  await deliverAll();
  const people = await createPeople(60);
  let answered = 0;
  const rush = people.flatMap((user) =>
    competitions.map((id) => persist(user, id).then(() => answered++)),
  );
  await eventually(() => expect(answered).toBeGreaterThan(0));
  expect(await ops("backup", file)).toMatchObject({ exitCode: 0, data: { status: "written" } });
  await Promise.all(rush);
});
afterAll(async () => {
  site.stop();
  await closeMailAndEverything();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command as it would be typed. */
async function ops(...args: string[]) {
  const { exitCode, text } = await opsCommand([...args, "--json"]);
  return { exitCode, data: JSON.parse(text) };
}

/** Registers for the first competition, under the same key each time. */
async function ask(token: string) {
  const path = `/api/competitions/${competitions[0]}/register`;
  const headers: [string, string][] = [["idempotency-key", "the-same"]];
  const reply = await call(site.url, { method: "POST", path, token, headers });
  expect(reply.status).toBe(201);
  return reply;
}

/** Delivers all mail that is owed, as the worker does. */
async function deliverAll(): Promise<void> {
  const worker = startMailWorker();
  try {
    await eventually(async () => {
      await relayOutbox();
      expect(await count("outbox", "done_at is null")).toBe(0);
    });
  } finally {
    await worker.close();
  }
}

async function count(table: string, where = "true"): Promise<number> {
  const [row] = await database().execute(
    `select count(*)::int as count from "${table}" where ${where}`,
  );
  return row?.count;
}

/** A backup of what the database has now, as the sums of its tables. */
async function sums(): Promise<Record<string, { rows: number; sha256: string }>> {
  return (await ops("backup", join(folder, randomUUID()))).data.tables;
}

/** A file beside the backup. */
function beside(contents: Buffer): Promise<string> {
  const path = join(folder, randomUUID());
  return writeFile(path, contents).then(() => path);
}

/** Writes a file by hand. */
function archive(
  path: string,
  header: BackupHeader,
  rowsOf: () => TableRows = () => ({ rows: lines(""), count: () => 0 }),
) {
  return writeArchive(createWriteStream(path), { header, rowsOf, sequences: async () => ({}) });
}

async function* lines(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

test("a backup that is made in a rush, restored into an empty database, is the system at one instant", async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await ops("restore", file, "--check")).toMatchObject({
    exitCode: 0,
    data: { status: "whole", migration: MIGRATION_NAMES.at(-1) },
  });
  // Since the backup: mail that left, and a hold of an epoch that the restored database is yet to reach.
  await deliverAll();
  const afterwards = await openCompetition();
  await wipeRedis();
  const { user } = await registerSomebody({ competitionId: afterwards });
  const [stalled] = await createPeople(1);
  const [competitionId = ""] = competitions;
  await syncSeats({ competitionId });
  if (!stalled) throw new Error("nobody was made");
  await database().execute("delete from registration where competition_id = ? and seat_no = ?", [
    competitionId,
    big,
  ]);
  await syncSeats({ competitionId });
  const registrationId = randomUUID();
  const held = await mustHold({ competitionId, userId: stalled.id, user: stalled, registrationId });

  await closeDatabase();
  await dropDatabase({ serverUrl, name });
  await createDatabase({ serverUrl, name });
  const { exitCode, data } = await ops("restore", file);
  expect(data).toMatchObject({ status: "restored", leftOut: [] });
  expect(exitCode).toBe(0);

  const { competition, ...others } = data.tables;
  const { competition: raised, ...same } = await sums();
  expect(same).toEqual(others);
  expect(raised?.rows).toBe(competition.rows);
  expect(others.registration.rows).toBeGreaterThan(0);
  for (const [index, id] of competitions.entries()) {
    const confirmed = await count("registration", `competition_id = '${id}'`);
    expect(await count("stored_answer", `scope = '${id}'`)).toBe(confirmed);
    expect(confirmed).toBeLessThanOrEqual([big, small][index] ?? 0);
  }
  expect(await count("outbox")).toBe(others.registration.rows);
  expect(await count("user", `id = '${user.id}'`)).toBe(0);
  expect(await count("session")).toBe(0);

  const again = await ask(first.token);
  expect(again).toMatchObject({
    text: first.answer.text,
    headers: { "idempotent-replayed": "true" },
  });
  const taken = (await confirmedSeats(competitionId)).map(({ seatNo }) => seatNo);
  const [newcomer] = await createPeople(1);
  if (!newcomer) throw new Error("nobody was made");
  const open = await openCompetition({ capacity: 1 });
  const { body } = await mustRegister(newcomer, open);
  expect(body.seatNo).toBe(1);
  // Rebuilt from what was restored: people get what is left, and each seat once.
  const rest = await createPeople(big - taken.length);
  await Promise.all(rest.map((one) => mustRegister(one, competitionId)));
  expect((await confirmedSeats(competitionId)).map(({ seatNo }) => seatNo)).toEqual(
    Array.from({ length: big }, (_, seat) => seat + 1),
  );
  await deliverAll();
  expect(await confirmationsOf(body.id)).toBe(1);
  expect(await ops("reconcile", "--check")).toMatchObject({ exitCode: 0 });

  // The hold from before names somebody whom nobody knows any more; the epoch alone must refuse it.
  await database().execute(
    `insert into "user" (id, email, name, role, password_hash) values (?, ?, 'x', 'PARTICIPANT', 'x')`,
    [stalled.id, stalled.email],
  );
  await database().execute("delete from registration where competition_id = ? and seat_no = ?", [
    competitionId,
    held.seatNo,
  ]);
  expect(await commitTogether([held])).not.toMatchObject([{ status: "committed" }]);
});

describe("a backup is refused", () => {
  test("over another one, and where it cannot be written", async () => {
    const before = readFileSync(file);
    expect(await ops("backup", file)).toMatchObject({ exitCode: 1, data: { status: "exists" } });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(await ops("backup", join(folder, "no/where"))).toMatchObject({
      exitCode: 1,
      data: { status: "unusable" },
    });
  });
});

describe("a restore is refused, and changes nothing", () => {
  /** What is in the way of a command; the database is the same afterwards. */
  async function refusalOf(...args: string[]) {
    const before = await sums();
    const { exitCode, data } = await ops("restore", ...args);
    expect(exitCode).toBe(1);
    expect(await sums()).toEqual(before);
    return data.status;
  }

  test("when the file was cut off, changed, or is something else", async () => {
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    const damaged = [
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, middle),
      flipped,
      Buffer.from("no backup"),
      Buffer.alloc(0),
    ];
    for (const contents of damaged) {
      expect(await refusalOf(await beside(contents), "--replace", "--yes")).toBe("damaged");
    }
    expect(await refusalOf(join(folder, "nowhere"), "--replace", "--yes")).toBe("unusable");
  });

  test("when it turns out to be damaged in the middle of the work, as by a pipe", async () => {
    const header = (await readArchive(createReadStream(file))).header;
    const path = join(folder, randomUUID());
    // Whole for gzip and tar: Postgres refuses the rows, or there are fewer than it says.
    const lies = { rows: lines("x\n"), count: () => 1 };
    const tables = [{ name: "competition_edition", columns: ["id", "body"] }];
    await archive(path, { ...header, tables }, () => lies);
    const before = await sums();
    await expect(restore(() => createReadStream(path), { replace: true })).rejects.toThrow("22P04");
    const few = { rows: lines("a\tb\n"), count: () => 2 };
    await archive(path, { ...header, tables }, () => few);
    expect(await restore(() => createReadStream(path), { replace: true })).toMatchObject({
      status: "damaged",
    });
    expect(await sums()).toEqual(before);
  });

  test("when it is of a newer release", async () => {
    const { header } = await readArchive(createReadStream(file));
    const path = join(folder, randomUUID());
    const migrations = [...header.migrations, "Migration29990101000000_later"];
    await archive(path, { ...header, migrations, tables: [] });
    expect(await refusalOf(path, "--replace", "--yes")).toBe("newer_backup");
  });

  test("when the database has data, others are connected, or nobody confirms", async () => {
    expect(await refusalOf(file, "--yes")).toBe("not_empty");
    expect(await restore(() => createReadStream(file))).toEqual({ status: "not_empty" });
    await database().execute("select 1");
    expect(await refusalOf(file, "--replace")).toBe("connected");
    await closeDatabase();
    await eventually(async () => {
      expect((await ops("restore", file, "--replace")).data.status).toBe("not_confirmed");
    });
  });
});

test("a backup from before some migrations comes back with all of them", async () => {
  await useEmptyDatabase();
  expect(await ops("backup", join(folder, "none"))).toMatchObject({
    exitCode: 1,
    data: { status: "not_migrated" },
  });
  const names = MIGRATION_NAMES.slice(0, 4);
  const pool = createPool({ unlimited: true });
  const client = await pool.connect();
  await migrateWithin(client, ({ up }) => up(names));
  const id = randomUUID();
  await client.query(
    `insert into "user" (id, email, name, role, password_hash)
     values ('${id}', 'old@example.com', E'tab\\tline\\nback\\\\slash', 'PARTICIPANT', 'x');
     insert into idempotency_key (user_id, scope, key, fingerprint, registration_id, body)
     values ('${id}', '${id}', 'k', 'f', '${id}', '\\N {}')`,
  );
  client.release();
  await pool.end();
  const path = join(folder, "old.backup");
  expect(await ops("backup", path)).toMatchObject({ data: { migration: names.at(-1) } });

  // Into itself, over what was migrated in the meantime.
  expect(await ops("restore", path, "--replace", "--yes")).toMatchObject({ exitCode: 0 });
  expect(await ops("restore", path, "--replace", "--yes")).toMatchObject({ exitCode: 0 });
  expect(await areMigrationsCurrent()).toBe(true);
  const users = await database().execute(`select email, name from "user"`);
  expect(users).toEqual([{ email: "old@example.com", name: "tab\tline\nback\\slash" }]);
  const answers = await database().execute("select key, body, edition from stored_answer");
  expect(answers).toEqual([{ key: "k", body: "\\N {}", edition: null }]);
});

/** Gives the rest of the test a database without any table. */
async function useEmptyDatabase(): Promise<void> {
  const { DATABASE_URL } = env();
  await closeDatabase();
  Object.assign(env(), { DATABASE_URL: await createDatabase({ serverUrl, name: `${name}_old` }) });
  onTestFinished(async () => {
    await closeDatabase();
    await dropDatabase({ serverUrl, name: `${name}_old` });
    Object.assign(env(), { DATABASE_URL });
  });
}
