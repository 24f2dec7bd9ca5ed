import { randomBytes } from "node:crypto";
import {
  type Program,
  runToEnd,
  startProgram,
  waitUntilReady,
} from "../../../scripts/launcher/programs.ts";
import { pickPort } from "../../../scripts/services/ports.ts";
import { blankSettings } from "../../support/blank-settings";
import { createDatabase, dropDatabase } from "../../support/databases";

export interface RunningApp {
  url: string;
  databaseUrl: string;
  stop: () => Promise<void>;
}

/** Starts the built application, web and worker, on a database of its own. */
export async function startApp({
  serverUrl,
  redisUrl,
  settings = {},
  isSeeded = false,
}: {
  serverUrl: string;
  redisUrl: string;
  settings?: Record<string, string>;
  isSeeded?: boolean;
}): Promise<RunningApp> {
  const print = (line: string) => console.log(line);
  const id = randomBytes(4).toString("hex");
  const name = `e2e_${id}`;
  const databaseUrl = await createDatabase({ serverUrl, name });
  const port = await pickPort();
  const workerPort = await pickPort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...(process.env as Record<string, string>),
    ...blankSettings(),
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: `e2e-${id}`,
    SESSION_SECRET: randomBytes(32).toString("hex"),
    JWT_SECRET: randomBytes(32).toString("hex"),
    OPS_TOKEN: randomBytes(16).toString("hex"),
    RATE_LIMITS: "off",
    WAITLIST: "on",
    LOG_LEVEL: "warn",
    HOST: "127.0.0.1",
    PORT: String(port),
    PUBLIC_URL: url,
    WORKER_PORT: String(workerPort),
    ...settings,
  };
  const programs: Program[] = [];
  const stop = async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await dropDatabase({ serverUrl, name });
  };
  try {
    await runToEnd(["build/migrate.js"], "The migrations failed", env);
    if (isSeeded) await runToEnd(["build/seed.js"], "The seed failed", env);
    for (const [part, file] of Object.entries({ web: "server.js", worker: "worker.js" })) {
      const args = ["--enable-source-maps", `build/${file}`];
      programs.push(startProgram({ name: part, args, env, print }));
    }
    const ready = Promise.all([port, workerPort].map((each) => waitUntilReady(each)));
    const answers = await Promise.race([ready, ...programs.map((program) => program.ended)]);
    if (!answers.every(Boolean)) throw new Error("The application was not ready in a minute.");
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, databaseUrl, stop };
}
