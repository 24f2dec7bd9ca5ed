import * as z from "zod";

/** The repository's secrets: fine on a laptop, refused in production. */
const DEVELOPMENT_SECRET = "development-only-secret-change-me-please";

const url = (protocols: string[]) =>
  z.string().refine(
    (value) => {
      try {
        return protocols.includes(new URL(value).protocol.replace(":", ""));
      } catch {
        return false;
      }
    },
    { message: `must be a URL starting with ${protocols.map((p) => `${p}://`).join(" or ")}` },
  );

const integer = (from: number, to: number, fallback: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((n) => n >= from && n <= to, `must be a whole number from ${from} to ${to}`)
    .default(fallback);

const secret = z.string().min(32, "must have at least 32 characters").default(DEVELOPMENT_SECRET);

/** One Redis URL, or the comma-separated URLs of a cluster's nodes or of sentinels. */
const redisUrls = z
  .string()
  .transform((value) => value.split(",").map((part) => part.trim()))
  .pipe(z.array(url(["redis", "rediss"])).min(1));

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  HOST: z.string().min(1).optional(),
  PORT: integer(0, 65_535, 3000),
  PUBLIC_URL: url(["http", "https"])
    .transform((value) => value.replace(/\/+$/, ""))
    .optional(),
  TRUST_PROXY: z.string().min(1).optional(),
  WEB_CONCURRENCY: integer(1, 256, 1),

  DATABASE_URL: url(["postgres", "postgresql"]).default(
    "postgresql://postgres:postgres@127.0.0.1:5432/mini_compete",
  ),
  DATABASE_POOL_MAX: integer(1, 500, 10),
  REDIS_URL: redisUrls.default(["redis://127.0.0.1:6379"]),
  REDIS_CLUSTER: z.enum(["on", "off"]).default("off"),
  REDIS_SENTINEL_NAME: z.string().min(1).optional(),
  REDIS_SENTINEL_PASSWORD: z.string().min(1).optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/, "must be 1–40 of a–z, 0–9, _ and -")
    .default("mini-compete"),

  SESSION_SECRET: secret,
  JWT_SECRET: secret,
  SMTP_URL: url(["smtp", "smtps"]).optional(),
  MAIL_FROM: z.string().min(3).default("Mini Compete <no-reply@mini-compete.example>"),

  MAIL_KEPT_DAYS: integer(1, 36_500, 400),
  DELETED_KEPT_DAYS: integer(1, 36_500, 30),

  WORKER_PORT: integer(0, 65_535, 9091),
  WORKER_HOST: z.string().min(1).default("127.0.0.1"),
  OPS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),

  RATE_LIMITS: z.enum(["on", "off"]).default("on"),
  COMMON_PASSWORDS: z.enum(["allow", "refuse"]).default("allow"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  HOLD_SECONDS: integer(5, 60, 20),
});

export type Env = z.infer<typeof schema>;

/** A setting that the process cannot start with; its message is one line that names the variable. */
export class BadEnvironment extends Error {
  override name = "BadEnvironment";
}

/**
 * Parses an environment. Empty variables count as unset, as in a `.env` file's `NAME=`.
 *
 * @throws BadEnvironment whose message names every bad variable.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${String(issue.path[0])}: ${issue.message}`,
    );
    throw new BadEnvironment(problems.join("; "));
  }
  if (parsed.data.NODE_ENV === "production") {
    for (const name of ["SESSION_SECRET", "JWT_SECRET"] as const) {
      if (parsed.data[name] === DEVELOPMENT_SECRET) {
        throw new BadEnvironment(
          `${name}: set a secret of your own in production (openssl rand -hex 32)`,
        );
      }
    }
  }
  return parsed.data;
}

let current: Env | undefined;

/**
 * The process' settings: the environment over `.env`, parsed once.
 *
 * Ends the process with one line on a bad value: nothing may run with a setting that nobody meant.
 */
export function env(): Env {
  if (current) return current;
  try {
    process.loadEnvFile?.();
  } catch {
    // No `.env` file: the environment alone counts.
  }
  try {
    current = parseEnv(process.env);
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error;
    process.stderr.write(`Configuration: ${error.message}\n`);
    process.exit(1);
  }
  return current;
}

/** Where people reach the site, without a trailing slash. */
export function publicUrl(): string {
  return env().PUBLIC_URL ?? `http://localhost:${env().PORT}`;
}
