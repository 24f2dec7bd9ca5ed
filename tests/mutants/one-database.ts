import { randomBytes } from "node:crypto";
import { beforeAll, inject } from "vitest";
import "../support/settings";
import { urlOfDatabase } from "../support/databases";

// A mutant's tests run one after the other in one process: they share the template itself, emptied,
// which takes a fraction of making a database for each of a thousand mutants.
process.env.DATABASE_URL = urlOfDatabase(inject("serverUrl"), inject("template"));
process.env.REDIS_URL = inject("redisUrl");
process.env.REDIS_PREFIX = `mutant-${randomBytes(5).toString("hex")}`;

beforeAll(async () => {
  const { database } = await import("~/platform/orm");
  await database().execute('truncate "user", outbox, failed_job cascade');
});
