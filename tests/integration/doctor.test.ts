import { Redis } from "ioredis";
import { afterAll, afterEach, expect, test } from "vitest";
import { type Env, env } from "~/platform/env";
import { pickPort } from "../../scripts/services/ports.ts";
import { opsCommand } from "../../worker/ops/commands/command";
import { closeMailAndEverything } from "../support/mail";
import { ownRedis } from "../support/own-services";
import { smtp, startSmtpServer } from "../support/smtp-server";

const before = { ...env() };

afterEach(() => use({}));
afterAll(async () => {
  await smtp.stop();
  await closeMailAndEverything();
});

/** Changes settings, from what they were before. */
function use(settings: Partial<Env>): void {
  for (const name of Object.keys(env())) Reflect.deleteProperty(env(), name);
  Object.assign(env(), before, settings);
}

async function examined() {
  const { exitCode, text } = await opsCommand(["doctor", "--json"]);
  const { status, checks } = JSON.parse(text);
  const of = (verdict: string) =>
    checks
      .filter((each: { verdict: string }) => each.verdict === verdict)
      .map(({ check }: { check: string }) => check);
  return { exitCode, status, bad: of("bad"), good: of("good"), checks };
}

/** The tests' own Postgres waits for no disk (throw-away.ts). */
const WITHOUT_A_DISK = ["Postgres writes"];

test("on real servers the one bad setting is found, until it is mended", async () => {
  const redis = await ownRedis({ args: ["--save", "", "--maxmemory-policy", "allkeys-lru"] });
  const password = "a-password-for-mail";
  const port = await startSmtpServer({ disabledCommands: ["STARTTLS"] });
  const SMTP_URL = `smtp://me:${password}@127.0.0.1:${port}?requireTLS=false`;
  use({ REDIS_URL: redis.url, SMTP_URL });
  const bad = [...WITHOUT_A_DISK, "Redis eviction"];
  expect(await examined()).toMatchObject({ exitCode: 1, status: "bad", bad });
  const { text } = await opsCommand(["doctor"]);
  expect(text).toMatch(/Redis eviction +bad +maxmemory-policy is allkeys-lru/);
  expect(text).toContain("→ Set maxmemory-policy noeviction on every node.");
  expect(smtp.passwords).toContain(password);
  expect(smtp.received).toEqual([]);

  const healthy = await ownRedis({ args: ["--save", "", "--maxmemory-policy", "noeviction"] });
  use({ REDIS_URL: healthy.url, SMTP_URL });
  const mended = await examined();
  expect(mended.bad).toEqual(WITHOUT_A_DISK);
  expect(mended.good).toEqual(
    expect.arrayContaining([
      ...["Postgres version", "Migrations", "Connections", "Postgres clock"],
      ...["Redis version", "Redis eviction", "Redis clock", "SMTP"],
    ]),
  );
});

test("a Redis that tells nothing of itself, as managed ones do, is no reason to refuse", async () => {
  const redis = await ownRedis();
  const operator = new Redis(redis.url);
  await operator.acl(
    "SETUSER",
    "teller",
    "on",
    ">teller-password",
    "~*",
    "+@all",
    "-info",
    "-time",
  );
  await operator.acl("SETUSER", "teller", "-config");
  operator.disconnect();
  const url = new URL(redis.url);
  Object.assign(url, { username: "teller", password: "teller-password" });
  use({ REDIS_URL: url.href });
  const { bad, checks } = await examined();
  expect(bad).toEqual(WITHOUT_A_DISK);
  for (const check of ["Redis version", "Redis eviction", "Redis clock"]) {
    const says = expect.stringContaining("Unknown");
    expect(checks).toContainEqual(expect.objectContaining({ check, verdict: "advice", says }));
  }
  for (const wrong of ["not-this-one", ""]) {
    url.password = wrong;
    if (!wrong) url.username = "";
    use({ REDIS_URL: url.href });
    const refused = (await examined()).checks;
    const says = expect.stringMatching(/^It refuses us: .*(WRONGPASS|NOAUTH)/);
    expect(refused).toContainEqual(
      expect.objectContaining({ check: "Redis connection", verdict: "bad", says }),
    );
  }
});

test("servers that are down or refuse us get one line each, and no stack", async () => {
  const wrong = new URL(before.DATABASE_URL);
  wrong.password = "not-this-one";
  const nobody = await pickPort();
  use({
    DATABASE_URL: wrong.href,
    REDIS_URL: `redis://127.0.0.1:${nobody}`,
    SMTP_URL: `smtp://127.0.0.1:${nobody}`,
  });
  const { exitCode, bad, checks } = await examined();
  expect(exitCode).toBe(1);
  expect(bad).toEqual(["Postgres connection", "Redis connection", "SMTP"]);
  const said = JSON.stringify(checks);
  expect(said).toMatch(/It refuses us: connect: 28P01 invalid_password\./);
  expect(said).toContain(`ECONNREFUSED 127.0.0.1:${nobody}`);
  expect(said).not.toMatch(/\bat .*\.ts:|not-this-one/);
});

test("a mail server that refuses the password is told from one that is away", async () => {
  const port = await startSmtpServer({ disabledCommands: ["STARTTLS"] });
  smtp.atPassword = () => Object.assign(new Error("535 no"), { responseCode: 535 });
  use({ SMTP_URL: `smtp://me:wrong@127.0.0.1:${port}?requireTLS=false` });
  const { checks } = await examined();
  smtp.reset();
  expect(checks).toContainEqual(
    expect.objectContaining({ check: "SMTP", says: expect.stringContaining("password: 535") }),
  );
  use({ SMTP_URL: `smtp://me:right@127.0.0.1:${port}` });
  expect((await examined()).checks).toContainEqual(
    expect.objectContaining({ check: "SMTP", says: expect.stringContaining("encrypted") }),
  );
  // As web sees it, which has no SMTP_PASSWORD.
  use({ SMTP_URL: `smtp://me@127.0.0.1:${port}?requireTLS=false` });
  expect((await examined()).checks).toContainEqual(
    expect.objectContaining({ check: "SMTP", verdict: "advice" }),
  );
  expect(smtp.passwords).toEqual([]);
});
