import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import "./settings";
import { createDatabase, dropDatabase } from "./databases";

// Runs before the test file is loaded, so that everything it imports finds these settings.
const id = randomBytes(5).toString("hex");
const serverUrl = inject("serverUrl");
const name = `test_${id}`;

process.env.DATABASE_URL = await createDatabase({
  serverUrl,
  name,
  template: inject("template"),
});
process.env.REDIS_URL = inject("redisUrl");
process.env.REDIS_PREFIX = `test-${id}`;

afterAll(() => dropDatabase({ serverUrl, name }));
