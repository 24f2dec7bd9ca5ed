import { BadEnvironment } from "./bad-environment.ts";
import { type DatabaseAddress, parseDatabaseUrl, pgConfig } from "./database-url.ts";
import { type Env, schema } from "./env-schema.ts";
import { parseRedisUrls } from "./redis-url.ts";
import { withPassword } from "./server-url.ts";
import { parseSmtpUrl } from "./smtp-url.ts";
import { readTlsFiles } from "./tls-files.ts";

export type { Env };

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
  const settings = withPasswords(parsed.data);
  const problems = [
    () => parseDatabaseUrl(settings.DATABASE_URL, settings),
    () => migrationAddress(settings),
    () => checkRedis(settings),
    () => settings.SMTP_URL && parseSmtpUrl(settings.SMTP_URL),
  ].flatMap(problemOf);
  // What both ways to the database share is bad for both.
  if (problems.length > 0) throw new BadEnvironment([...new Set(problems)].join("; "));
  return settings;
}

/** A password that is a setting of its own need not be encoded. */
function withPasswords(settings: Env): Env {
  const { DATABASE_URL, PGPASSWORD, REDIS_URL, REDIS_PASSWORD, SMTP_URL, SMTP_PASSWORD } = settings;
  return {
    ...settings,
    DATABASE_URL: withPassword(DATABASE_URL, PGPASSWORD),
    REDIS_URL: withPassword(REDIS_URL, REDIS_PASSWORD),
    SMTP_URL: SMTP_URL && withPassword(SMTP_URL, SMTP_PASSWORD),
  };
}

/**
 * The database as the migrations reach it: by MIGRATE_DATABASE_URL, else as everybody does.
 *
 * @throws BadEnvironment naming what is not supported
 */
export function migrationAddress(settings: Env): DatabaseAddress {
  const { DATABASE_URL, MIGRATE_DATABASE_URL: own } = settings;
  if (!own) return parseDatabaseUrl(DATABASE_URL, settings);
  return parseDatabaseUrl(own, settings, "MIGRATE_DATABASE_URL");
}

function problemOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof BadEnvironment) return [error.message];
    throw error;
  }
}

let current: Env | undefined;

/**
 * The process' settings: the environment over `.env`, parsed once.
 *
 * Ends the process with one line on a bad value: nothing may run with a setting that nobody intended.
 */
export function env(): Env {
  if (current) return current;
  try {
    process.loadEnvFile?.();
  } catch {
    // No `.env` file: the environment alone counts.
  }
  current = orEnd(() => {
    const settings = parseEnv(process.env);
    // Now, and not with the first connection.
    pgConfig(parseDatabaseUrl(settings.DATABASE_URL, settings));
    redisTls(settings);
    return settings;
  });
  // React and Express look there themselves, and take nothing for development.
  Object.assign(process.env, { NODE_ENV: current.NODE_ENV });
  return current;
}

/** What `work` returns. A setting that it refuses ends the process with one line. */
export function orEnd<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error;
    process.stderr.write(`Configuration: ${error.message}\n`);
    process.exit(1);
  }
}

/**
 * How `rediss:` connections are secured, for node's TLS.
 *
 * @throws BadEnvironment when a file cannot be used
 */
export function redisTls({ REDIS_CA_FILE, REDIS_CERT_FILE, REDIS_KEY_FILE }: Env) {
  const named = (setting: string, path?: string) => (path ? { setting, path } : undefined);
  return readTlsFiles({
    ca: named("REDIS_CA_FILE", REDIS_CA_FILE),
    cert: named("REDIS_CERT_FILE", REDIS_CERT_FILE),
    key: named("REDIS_KEY_FILE", REDIS_KEY_FILE),
  });
}

/** Refuses what would leave a connection less secure, or to fewer servers, than it was meant. */
function checkRedis(settings: Env): void {
  const { REDIS_CLUSTER, REDIS_SENTINEL_NAME, REDIS_SENTINEL_PASSWORD } = settings;
  const { REDIS_CA_FILE, REDIS_CERT_FILE, REDIS_KEY_FILE } = settings;
  const { servers, db, tls } = parseRedisUrls(settings.REDIS_URL);
  const isCluster = REDIS_CLUSTER === "on";
  const bad = (setting: string, why: string) => new BadEnvironment(`${setting}: ${why}`);
  if (isCluster && REDIS_SENTINEL_NAME) {
    throw bad("REDIS_SENTINEL_NAME", "does not go together with REDIS_CLUSTER=on");
  }
  if (REDIS_SENTINEL_PASSWORD && !REDIS_SENTINEL_NAME) {
    throw bad("REDIS_SENTINEL_PASSWORD", "goes together with REDIS_SENTINEL_NAME");
  }
  if (servers.length > 1 && !isCluster && !REDIS_SENTINEL_NAME) {
    throw bad("REDIS_URL", "several servers need REDIS_CLUSTER=on or REDIS_SENTINEL_NAME");
  }
  if (isCluster && db > 0) throw bad("REDIS_URL", "a cluster has no database but 0");
  if (REDIS_CERT_FILE && !REDIS_KEY_FILE) {
    throw bad("REDIS_CERT_FILE", "goes together with REDIS_KEY_FILE");
  }
  if (REDIS_KEY_FILE && !REDIS_CERT_FILE) {
    throw bad("REDIS_KEY_FILE", "goes together with REDIS_CERT_FILE");
  }
  if (tls || !(REDIS_CA_FILE || REDIS_CERT_FILE)) return;
  const unused = REDIS_CA_FILE ? "REDIS_CA_FILE" : "REDIS_CERT_FILE";
  throw bad("REDIS_URL", `${unused} is of no use with redis://; say rediss://`);
}

/** Where people reach the site, without a trailing slash. */
export function publicUrl(): string {
  return env().PUBLIC_URL ?? `http://localhost:${env().PORT}`;
}

/** Whether mail goes only to addresses that their owners confirmed: where it is sent, unless told. */
export function verifiesEmail(): boolean {
  const { VERIFY_EMAIL, SMTP_URL } = env();
  return VERIFY_EMAIL === "auto" ? SMTP_URL !== undefined : VERIFY_EMAIL === "on";
}
