import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { env } from "~/platform/env";
import { migrationsList } from "../../migrations";
import { migrateCommand } from "../../worker/ops/migrate";
import { closeEverything } from "../support/fixtures";
import { directUrl, network } from "../support/postgres-behind-proxy";

const newest = migrationsList.at(-1)?.name ?? "";
let printed = "";
let said = "";

beforeEach(() => {
  Object.assign(env(), { DATABASE_URL: network.through(directUrl) });
  printed = "";
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(env(), { NODE_ENV: "test", MIGRATE_DATABASE_URL: undefined });
  network.set({ kind: "fair" });
});
afterAll(closeEverything);

test.each(["sideways", "up now", "--wait soon", "--wait 7200", "--force", "down --wait"])(
  "'%s' ends with 2 and says how",
  async (line) => {
    expect(await migrateCommand(line.split(" "))).toBe(2);
    expect(said).toMatch(/^usage: /);
  },
);

test.each(["production", "development"] as const)(
  "in %s nothing is taken back that nobody agreed to",
  async (NODE_ENV) => {
    Object.assign(env(), { NODE_ENV });
    expect(await migrateCommand(["down"])).toBe(1);
    expect(said).toContain(`This takes back ${newest}. What is stored in what it added is lost.`);
    expect(said).toContain("--yes");
    expect(await migrateCommand(["up"])).toBe(0);
    expect(printed).toBe("Nothing to migrate.\n");
  },
);

test("with --yes the newest is reverted, in production too, and can be applied again", async () => {
  Object.assign(env(), { NODE_ENV: "production" });
  expect(await migrateCommand(["down", "--yes"])).toBe(0);
  expect(await migrateCommand([])).toBe(0);
  expect(printed).toBe(`${newest}\n${newest}\n`);
});

test.each([
  ["n", 1],
  ["", 1],
  ["yes", 0],
])("at a terminal it asks, and '%s' ends with %i", async (answer, code) => {
  Object.assign(env(), { NODE_ENV: "development" });
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  vi.spyOn(process, "stdin", "get").mockReturnValue(stdin as never);
  const wasTerminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  const taking = migrateCommand(["down"]);
  await vi.waitFor(() => expect(said).toContain("Go on? [y/N]"), { timeout: 10_000 });
  stdin.write(`${answer}\n`);
  expect(await taking).toBe(code);
  process.stderr.isTTY = wasTerminal;
  expect(said).toContain(newest);
  expect(await migrateCommand(["up"])).toBe(0);
  expect(printed).toBe(code === 0 ? `${newest}\n${newest}\n` : "Nothing to migrate.\n");
});

test("a database that is away is waited for, and one line says so", async () => {
  network.set({ kind: "cut" });
  const migrating = migrateCommand(["up"]);
  await vi.waitFor(() => expect(said).toContain("Waiting"), { timeout: 10_000 });
  network.set({ kind: "fair" });
  expect(await migrating).toBe(0);
  expect(said).toMatch(/^Waiting up to 60 s for the database: [^\n]+\n$/);
});

test("the wait ends, and a wrong password is not waited for", async () => {
  network.set({ kind: "cut" });
  expect(await migrateCommand(["up", "--wait", "0"])).toBe(1);
  expect(said).toMatch(/^DATABASE_URL: no connection to the database: [^\n]+\n$/);
  const wrong = new URL(directUrl);
  wrong.password = "not-this-one";
  said = "";
  Object.assign(env(), { MIGRATE_DATABASE_URL: wrong.href });
  expect(await migrateCommand(["up"])).toBe(1);
  expect(said).toBe(
    "MIGRATE_DATABASE_URL: no connection to the database: connect: 28P01 invalid_password\n",
  );
});
