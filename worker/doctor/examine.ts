import { parseDatabaseUrl } from "~/platform/database-url";
import { type Env, env } from "~/platform/env";
import { reasonOf } from "~/platform/error-facts";
import { parseRedisUrls } from "~/platform/redis-url";
import { parseSmtpUrl } from "~/platform/smtp-url";
import { within } from "~/platform/within";
import { judgeClock, judgeEncryption, judgePassword } from "./judge-connections";
import { judgePostgres } from "./judge-postgres";
import { judgeRedis } from "./judge-redis";
import { judgeSettings } from "./judge-settings";
import { judgeSender, judgeSmtp } from "./judge-smtp";
import { lookAtPostgres } from "./look-at-postgres";
import { lookAtRedis } from "./look-at-redis";
import { lookAtSmtp } from "./look-at-smtp";
import { bad, type Verdict } from "./verdict";

/** How long each server may take to answer everything, milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Looks at settings and servers and says what is good, what could be better and what is bad, with how
 * to mend it. Changes nothing, sends nothing, and takes ten seconds at most.
 */
export async function examine(): Promise<Verdict[]> {
  const settings = env();
  const judged = await Promise.all([
    judgeSettings(settings, process.versions.node),
    timed("Postgres", examinePostgres(settings)),
    timed("Redis", examineRedis(settings)),
    timed("SMTP", examineSmtp(settings)),
  ]);
  return judged.flat();
}

async function timed(check: string, examined: Promise<Verdict[]>): Promise<Verdict[]> {
  const verdicts = await within(
    PATIENCE_MS,
    // What a server says when it is asked is for the operator, not a reason to end.
    examined.catch((error: unknown) => [
      bad(check, `It could not be examined: ${reasonOf(error)}.`, "See whether it is well."),
    ]),
  );
  const mend = "See whether it hangs, or is behind a firewall that drops packets.";
  return verdicts ?? [bad(check, `No answer within ${PATIENCE_MS / 1_000} s.`, mend)];
}

async function examinePostgres(settings: Env): Promise<Verdict[]> {
  const { host, user, password, tls } = parseDatabaseUrl(settings.DATABASE_URL, settings);
  const connection = {
    service: "Postgres",
    hosts: [host],
    isEncrypted: tls.mode !== "disable",
    isVerified: tls.mode === "verify-full" || tls.files.ca !== undefined,
    setting: "sslmode=verify-full in DATABASE_URL",
  };
  const known = [judgeEncryption(connection), ...judgePassword({ ...connection, user, password })];
  const found = await lookAtPostgres();
  if (found.status !== "answers") {
    return [unreachable("Postgres", found, ["DATABASE_URL", "PGPASSWORD"]), ...known];
  }
  const pool = {
    poolMax: settings.DATABASE_POOL_MAX,
    webProcesses: settings.WEB_CONCURRENCY,
    hasOwnMigrationRole: settings.MIGRATE_DATABASE_URL !== undefined,
  };
  return [...judgePostgres(found.facts, pool), ...known, judgeClock("Postgres", found.clockMs)];
}

async function examineRedis(settings: Env): Promise<Verdict[]> {
  const { servers, user, password, tls } = parseRedisUrls(settings.REDIS_URL);
  const connection = {
    service: "Redis",
    hosts: servers.map(({ host }) => host),
    isEncrypted: tls,
    isVerified: tls,
    setting: "rediss:// in REDIS_URL",
  };
  const known = [judgeEncryption(connection), ...judgePassword({ ...connection, user, password })];
  const found = await lookAtRedis();
  if (found.status !== "answers") {
    return [unreachable("Redis", found, ["REDIS_URL", "REDIS_PASSWORD"]), ...known];
  }
  const each = found.servers.flatMap(({ facts, clockMs }, index) => {
    const where = found.servers.length > 1 ? ` ${index + 1}` : "";
    return [...judgeRedis(facts, where), judgeClock(`Redis${where}`, clockMs)];
  });
  return [...each, ...known];
}

async function examineSmtp({ SMTP_URL, MAIL_FROM }: Env): Promise<Verdict[]> {
  const facts = await lookAtSmtp(SMTP_URL);
  const own = [judgeSmtp(facts), ...judgeSender(MAIL_FROM, SMTP_URL !== undefined)];
  if (!SMTP_URL || !("isEncrypted" in facts)) return own;
  const { host, tls } = parseSmtpUrl(SMTP_URL);
  const encryption = judgeEncryption({
    service: "SMTP",
    hosts: [host],
    isEncrypted: facts.isEncrypted,
    isVerified: tls.rejectUnauthorized,
    setting: "a server with STARTTLS and ?requireTLS=true in SMTP_URL",
  });
  return [...own, encryption];
}

function unreachable(
  service: string,
  { status, reason }: { status: "refuses" | "away"; reason: string },
  [url, password]: [url: string, password: string],
): Verdict {
  const check = `${service} connection`;
  if (status === "away") {
    const mend = `Start it, or correct host and port in ${url}.`;
    return bad(check, `It cannot be reached: ${reason}.`, mend);
  }
  return bad(
    check,
    `It refuses us: ${reason}.`,
    `Correct user and database in ${url}, and the password there or in ${password}.`,
  );
}
