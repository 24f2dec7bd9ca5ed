import { blankSettings } from "./blank-settings";

/** The settings of every test that runs in this process. */
Object.assign(process.env, blankSettings(), {
  NODE_ENV: "test",
  LOG_LEVEL: "error",
  SESSION_SECRET: "a-session-secret-for-the-tests-only-0123456789",
  JWT_SECRET: "a-token-secret-for-the-tests-only-0123456789",
  RATE_LIMITS: "off",
  // Web processes of tests have none, unless the test is about it.
  METRICS_PORT: "0",
});
