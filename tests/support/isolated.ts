import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import "./settings";
import { createDatabase, dropDatabase, urlOfDatabase } from "./databases";

// Runs before the test file is loaded, so that everything it imports finds these settings.
const id = randomBytes(5).toString("hex");
const serverUrl = inject("serverUrl");
const name = `test_${id}`;

await createDatabase({ serverUrl, name, template: inject("template") });
process.env.DATABASE_URL = urlOfDatabase(serverUrl, name);
process.env.REDIS_URL = inject("redisUrl");
process.env.REDIS_PREFIX = `test-${id}`;

afterAll(() => dropDatabase({ serverUrl, name }));
