import { ensureBuild } from "../../../scripts/launcher/build.ts";
import { findTestServers } from "../../support/test-servers";
import { startApp } from "./app";

/**
 * Before the browser tests: the built application on a database of its own, unless BASE_URL names
 * a seeded site. Returns what stops it.
 */
export default async function startSite(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.BASE_URL) return undefined;
  await ensureBuild((line) => console.log(line));
  const { stop: stopServers, ...servers } = await findTestServers();
  try {
    const site = await startApp({ ...servers, isSeeded: true });
    // The tests' processes inherit these.
    process.env.BASE_URL = site.url;
    process.env.SITE_DATABASE_URL = site.databaseUrl;
    process.env.TEST_DATABASE_URL = servers.serverUrl;
    process.env.TEST_REDIS_URL = servers.redisUrl;
    return async () => {
      await site.stop();
      await stopServers();
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}
