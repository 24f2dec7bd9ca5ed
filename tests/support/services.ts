import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { createDatabase, dropDatabase } from "./databases";
import { findTestServers } from "./test-servers";

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
 * Before the tests of a project: servers, and a migrated database that each test file copies.
 */
export default async function prepare(project: TestProject) {
  const services = await findTestServers();
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

async function migrate(url: string): Promise<void> {
  const env = { ...process.env, NODE_ENV: "test" as const, DATABASE_URL: url };
  await ensureBuild((line) => console.log(line));
  await promisify(execFile)(process.execPath, ["build/migrate.js"], { env });
}
