import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { mailQueue } from "~/domain/mail/index.server";
import { cancelRegistration, register } from "~/domain/registration/index.server";
import { findLastReminderRun } from "~/domain/reminders/index.server";
import { env } from "~/platform/env";
import { keyPrefix, redis } from "~/platform/redis";
import { limit } from "~/web/rate-limits";
import { checkReadiness } from "~/web/resources";
import { pickPort } from "../../scripts/services/ports.ts";
import { opsCommand } from "../../worker/ops/commands/command";
import { closeScheduleQueue, scheduleQueue } from "../../worker/reminder-schedule";
import { closeMailAndEverything, confirmationsOf, registerSomebody } from "../support/mail";
import { ownRedis } from "../support/own-services";
import { spawnWorker } from "../support/worker-process";

async function closeUsers(): Promise<void> {
  await closeScheduleQueue();
  await closeMailAndEverything();
}

const PATIENCE = { timeout: 30_000, interval: 50 };
const PASSWORD = "its-own-password";
const TOKEN = "a-token-of-the-operator";

/** The rules as docs/operations.md has them, for this test's prefix. */
function documentedRules(): string[][] {
  const lines = readFileSync("docs/operations.md", "utf8").match(/^ACL SETUSER .*$/gm) ?? [];
  expect(lines).toHaveLength(3);
  return lines.map((line) =>
    line.replaceAll("mini-compete", keyPrefix()).replace("PASSWORD", PASSWORD).split(" ").slice(2),
  );
}

/** A Redis with the documented users. */
async function redisWithUsers() {
  const { url } = await ownRedis();
  const operator = new Redis(url);
  // Before the server ends.
  onTestFinished(async () => {
    await closeUsers();
    operator.disconnect();
  });
  const change = (...rules: string[]) => operator.call("ACL", "SETUSER", ...rules);
  for (const rules of documentedRules()) await change(...rules);
  const urlOf = (user: string) =>
    Object.assign(new URL(url), { username: user, password: PASSWORD }).href;
  return {
    operator,
    change,
    urlOf,
    /** From now on this process is that user. */
    async become(user: string): Promise<void> {
      await closeUsers();
      env().REDIS_URL = urlOf(user);
    },
  };
}

// One test, since a Redis and a worker of its own take seconds to start.
test("the documented rules suffice, and a worker that may do less is not ready", async () => {
  const { operator, change, urlOf, become } = await redisWithUsers();
  const port = await pickPort();
  const ask = (path: string, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
  const ready = async () => {
    const { status, reason } = (await (await ask("/readyz")).json()) as Record<string, string>;
    return reason ?? status;
  };
  const becomes = (word: string) =>
    vi.waitFor(async () => expect(await ready()).toBe(word), PATIENCE);

  // Without INFO, and then with as little of it as the check for noeviction needs.
  await change("worker", "-info");
  const worker = await spawnWorker({
    REDIS_URL: urlOf("worker"),
    WORKER_PORT: String(port),
    OPS_TOKEN: TOKEN,
  });
  await becomes("redis_permission_denied");
  await change("worker", "+info|memory");
  await vi.waitFor(() => expect(worker.output()).toContain("queues are started again"), PATIENCE);
  expect(await ready()).toBe("redis_permission_denied");
  await change("worker", "+info");
  await becomes("ready");
  await operator.call("ACL", "LOG", "RESET");

  await become("web");
  Object.assign(env(), { RATE_LIMITS: "on" });
  const { user, competitionId } = await registerSomebody();
  const { registrationId } = await registerSomebody({ competitionId });
  await cancelRegistration({ actor: user, competitionId });
  const again = { user, competitionId, idempotencyKey: "again" };
  expect(await register(again)).toMatchObject({ status: "registered", replayed: false });
  expect(await register(again)).toMatchObject({ status: "registered", replayed: true });
  const person = { address: "203.0.113.7", account: user.id };
  expect(await limit("registration", person, 100)).toEqual({ status: "allowed" });
  expect((await checkReadiness()).checks.redis).toBe("ok");
  await vi.waitFor(async () => expect(await confirmationsOf(registrationId)).toBe(1), PATIENCE);

  await become("ops");
  await vi.waitFor(async () => expect(await findLastReminderRun()).not.toBeNull(), PATIENCE);
  expect(await scheduleQueue().getJobScheduler("daily-reminders")).toBeDefined();
  for (const line of ["status", "failed list", "failed replay --all", "reconcile"]) {
    expect(await opsCommand(line.split(" ")), line).toMatchObject({ exitCode: 0 });
  }
  expect(await opsCommand(["reminders", "run"])).toMatchObject({ exitCode: 0 });
  const board = { authorization: `Bearer ${TOKEN}` };
  const queues = await ask("/queues/api/queues?activeQueue=mail&status=completed", board);
  expect([queues.status, await queues.text()]).toEqual([200, expect.stringContaining("mail-")]);
  expect(await (await ask("/metrics")).text()).toContain('queue_jobs{queue="mail",state="comp');
  expect(await mailQueue().getJobCounts("completed")).not.toEqual({ completed: 0 });
  await operator.hset(`${keyPrefix()}:{c:${competitionId}}:confirmed`, user.id, "somebody 9");
  expect(await opsCommand(["reconcile"])).toMatchObject({ exitCode: 0 });
  expect(redis().status).toBe("ready");
  // Nothing that they tried was refused.
  expect(await operator.call("ACL", "LOG")).toEqual([]);

  await change("worker", "-evalsha");
  await becomes("redis_permission_denied");
  await change("worker", "+evalsha");
  await becomes("ready");
}, 120_000);
