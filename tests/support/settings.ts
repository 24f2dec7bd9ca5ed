import { readFileSync } from "node:fs";

/**
 * The settings of every test: nothing of the developer's `.env` or shell may reach it, least of
 * all an SMTP server. A variable that is set, if only to nothing, is not read from `.env`.
 */
for (const line of readFileSync(".env.example", "utf8").split("\n")) {
  const name = /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
  if (name) process.env[name] = "";
}
Object.assign(process.env, {
  NODE_ENV: "test",
  LOG_LEVEL: "error",
  SESSION_SECRET: "a-session-secret-for-the-tests-only-0123456789",
  JWT_SECRET: "a-token-secret-for-the-tests-only-0123456789",
  RATE_LIMITS: "off",
});
