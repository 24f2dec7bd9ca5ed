import { randomBytes } from "node:crypto";
import { ensureBuild } from "../bootstrap/build.mjs";
import { startProgram } from "../bootstrap/program.mjs";
import { waitUntilReady } from "../bootstrap/readiness.mjs";
import { Refusal } from "../bootstrap/refusal.mjs";
import { runToEnd } from "../bootstrap/steps.mjs";
import { pickPort } from "../services/ports.mjs";
import { createDatabase, dropDatabase } from "./databases.mjs";
import { blankSettings } from "./settings.mjs";

/**
 * The built application on a database of its own, as the browser tests use it.
 * @param {object} options
 * @param {string} options.serverUrl a Postgres on which a database can be made
 * @param {string} options.redisUrl
 * @param {(line: string) => void} options.log
 * @param {(line: string) => void} options.print what the application says
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function startTestSite({ serverUrl, redisUrl, log, print }) {
  await ensureBuild({ log });
  const id = randomBytes(4).toString("hex");
  const name = `e2e_${id}`;
  const databaseUrl = await createDatabase({ serverUrl, name });
  const port = await pickPort();
  const workerPort = await pickPort();
  const env = {
    .../** @type {Record<string, string>} */ (process.env),
    ...blankSettings(),
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: `e2e-${id}`,
    SESSION_SECRET: randomBytes(32).toString("hex"),
    JWT_SECRET: randomBytes(32).toString("hex"),
    OPS_TOKEN: randomBytes(16).toString("hex"),
    RATE_LIMITS: "off",
    LOG_LEVEL: "warn",
    HOST: "127.0.0.1",
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    WORKER_PORT: String(workerPort),
  };
  /** @type {import("../bootstrap/program.mjs").Program[]} */
  const programs = [];
  const stop = async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await dropDatabase({ serverUrl, name });
  };
  try {
    await runToEnd({ args: ["build/migrate.js"], env, failure: "The migrations failed" });
    await runToEnd({ args: ["build/seed.js"], env, failure: "The seed failed" });
    for (const [part, file] of Object.entries({ web: "server.js", worker: "worker.js" })) {
      const args = ["--enable-source-maps", `build/${file}`];
      programs.push(startProgram({ name: part, args, env, print }));
    }
    const ready = Promise.all([port, workerPort].map((each) => waitUntilReady({ port: each })));
    const answers = await Promise.race([ready, ...programs.map((program) => program.ended)]);
    if (!answers.every(Boolean)) throw new Refusal("The application was not ready in a minute.");
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = { BASE_URL: env.PUBLIC_URL, WORKER_URL: `http://127.0.0.1:${workerPort}` };
  return { env: { ...env, ...urls }, stop };
}
