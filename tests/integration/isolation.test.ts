import { afterAll, expect, test } from "vitest";
import { closeDatabase, database } from "~/platform/orm";
import { closeRedis, tryRedis } from "~/platform/redis";

afterAll(async () => {
  closeRedis();
  await closeDatabase();
});

test("a test file has a migrated database of its own", async () => {
  const [row] = await database().execute("select current_database() as name");
  expect(row?.name).toMatch(/^test_[0-9a-f]+$/);
  expect(process.env.DATABASE_URL).toContain(row?.name);
  const [users] = await database().execute('select count(*)::int as count from "user"');
  expect(users?.count).toBe(0);
});

test("a test file has a key prefix of its own on a Redis that answers", async () => {
  expect(process.env.REDIS_PREFIX).toMatch(/^test-[0-9a-f]+$/);
  expect(await tryRedis((client) => client.ping())).toBe("PONG");
});
