import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { startThrowAway } from "../../scripts/services/throw-away.mjs";
import { createDatabase, dropDatabase } from "../../scripts/testing/databases.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** A server on which tests may make databases. */
    serverUrl: string;
    redisUrl: string;
    /** The name of a migrated, empty database to copy. */
    template: string;
  }
}

/**
 * Before the tests of a project: servers (those of `npm test`, else its own) and a migrated
 * database that each test file copies.
 */
export default async function prepare(project: TestProject) {
  const services = await findServices();
  const template = `template_${project.name}_${process.pid}`;
  await migrate(await createDatabase({ serverUrl: services.serverUrl, name: template }));

  project.provide("serverUrl", services.serverUrl);
  project.provide("redisUrl", services.redisUrl);
  project.provide("template", template);
  return async () => {
    await dropDatabase({ serverUrl: services.serverUrl, name: template });
    await services.stop();
  };
}

async function findServices() {
  const { TEST_DATABASE_URL: serverUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (serverUrl && redisUrl) return { serverUrl, redisUrl, stop: async () => {} };
  const { postgres, redis, stop } = await startThrowAway();
  return { serverUrl: postgres.url, redisUrl: redis.url, stop };
}

async function migrate(url: string): Promise<void> {
  const env = { ...process.env, NODE_ENV: "test" as const, DATABASE_URL: url };
  await promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/migrate.ts"], { env });
}
