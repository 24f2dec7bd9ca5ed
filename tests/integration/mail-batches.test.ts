import { afterAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import {
  type ClaimedOrder,
  deliverMail,
  listMailbox,
  mailQueue,
  orderMail,
  relayOutbox,
} from "~/domain/mail/index.server";
import { composeConfirmation } from "~/domain/registration/index.server";
import { log } from "~/platform/log";
import { metrics } from "~/platform/metrics";
import { database } from "~/platform/orm";
import { deliverNow, relaying } from "../../worker/relay";
import { openCompetition } from "../support/fixtures";
import {
  closeMailAndEverything,
  confirmationsOf,
  fillOutbox,
  outboxState,
  registerSomebody,
} from "../support/mail";

/** More than are left to the queue. */
const MANY = 20;

beforeEach(async () => {
  await mailQueue().obliterate({ force: true });
  await database().execute("delete from outbox");
});

afterAll(closeMailAndEverything);

async function registerMany() {
  const competitionId = await openCompetition({ capacity: MANY });
  return Promise.all(Array.from({ length: MANY }, () => registerSomebody({ competitionId })));
}

/** The rows that have a job. */
async function rowsWithJobs(): Promise<string[]> {
  const jobs = await mailQueue().getJobs(["waiting"]);
  return jobs.map(({ data }) => String(data.outboxId)).sort();
}

test("many mails that wait are written at once, each its reader's, and need no jobs", async () => {
  const people = await registerMany();
  const lines = vi.spyOn(log, "info");
  expect(await relayOutbox({ deliver: deliverNow })).toEqual({ enqueued: MANY });
  const told = lines.mock.calls.map(([line]) => line);
  lines.mockRestore();
  expect(await rowsWithJobs()).toEqual([]);
  for (const { user, outboxId, registrationId } of people) {
    expect(await outboxState(outboxId)).toMatchObject({ generation: 1, done: true });
    const mails = await listMailbox({ actor: user });
    expect(mails).toMatchObject([{ to: user.email, jobId: `mail-${outboxId}-1` }]);
    expect(mails[0]?.body).toContain(`Hello ${user.name}`);
    expect(await confirmationsOf(registrationId)).toBe(1);
    const [jobId, requestId] = [`mail-${outboxId}-1`, `of-${user.id}`];
    expect(told).toContainEqual({ jobId, requestId, outcome: "delivered" });
  }
  expect(await relayOutbox({ deliver: deliverNow })).toEqual({ enqueued: 0 });
});

test("a few go through the queue, and so do many while it is paused", async () => {
  const { outboxId } = await registerSomebody();
  const looks = vi.spyOn(mailQueue(), "getJobState");
  await relayOutbox({ deliver: deliverNow });
  expect(await rowsWithJobs()).toEqual([outboxId]);
  expect(looks, "what has just been handed over is not looked for").not.toHaveBeenCalled();
  looks.mockRestore();
  await mailQueue().pause();
  onTestFinished(() => mailQueue().resume());
  const people = await registerMany();
  await relayOutbox({ deliver: deliverNow });
  expect(await rowsWithJobs()).toHaveLength(1 + MANY);
  for (const { registrationId } of people) expect(await confirmationsOf(registrationId)).toBe(0);
});

test("what fails among many gets a job of its own, and its neighbours get their mail", async () => {
  const [refused, ...others] = await registerMany();
  if (!refused) throw new Error("nobody registered");
  await database().execute(
    `alter table mail_box add constraint not_this_one check (user_id <> '${refused.user.id}') not valid`,
  );
  onTestFinished(async () => {
    await database().execute("alter table mail_box drop constraint not_this_one");
  });
  await database().transactional((em) =>
    orderMail(em, [
      { dedupeKey: "bad", kind: "registration.confirmed", payload: { registrationId: "7" } },
      { dedupeKey: "odd", kind: "registration.odd" as "registration.confirmed", payload: {} },
    ]),
  );
  await relayOutbox({ deliver: deliverNow });
  for (const { registrationId, outboxId } of others) {
    expect(await confirmationsOf(registrationId)).toBe(1);
    expect(await outboxState(outboxId)).toMatchObject({ done: true });
  }
  const failed: { id: string }[] = await database().execute(
    "select id::text from outbox where done_at is null",
  );
  expect(await rowsWithJobs()).toEqual(failed.map(({ id }) => id).sort());
  expect(failed).toHaveLength(3);
  expect(await outboxState(refused.outboxId)).toMatchObject({ generation: 1, enqueued: true });
});

test("when a worker dies over many mails, each soon gets a job, and in the end one mail", async () => {
  const people = await registerMany();
  let die = () => {};
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  const stuck: ClaimedOrder[] = [];
  const relaying = relayOutbox({
    async deliver(order) {
      stuck.push(order);
      await dead;
      await deliverNow(order);
    },
  });
  await expect.poll(() => stuck.length).toBe(MANY);
  expect(await relayOutbox({ deliver: deliverNow })).toEqual({ enqueued: 0 });
  await database().execute("update outbox set enqueued_at = enqueued_at - interval '15 seconds'");
  expect(await relayOutbox({ deliver: deliverNow })).toEqual({ enqueued: MANY });
  expect(await rowsWithJobs()).toHaveLength(MANY);
  // It was only slow: the jobs and it meet.
  die();
  const composers = { "registration.confirmed": composeConfirmation };
  const jobs = people.map(({ outboxId }) =>
    deliverMail({ outboxId, jobId: `mail-${outboxId}-2`, composers }),
  );
  await Promise.all([relaying, ...jobs]);
  for (const { registrationId, outboxId } of people) {
    expect(await confirmationsOf(registrationId)).toBe(1);
    expect(await outboxState(outboxId)).toMatchObject({ generation: 2, done: true });
  }
});

/** Rows that nobody has claimed. */
async function waiting(): Promise<number> {
  const rows: unknown[] = await database().execute(
    "select 1 from outbox where enqueued_at is null",
  );
  return rows.length;
}

test("in a rush a pass takes only a few, until the next in line has waited too long", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const pass = relaying();
  await pass();
  const before = await counted();
  await fillOutbox(600);
  vi.advanceTimersByTime(250);
  expect(await pass()).toBeUndefined();
  expect(await waiting()).toBe(580);
  await database().execute("update outbox set created_at = created_at - interval '11 seconds'");
  expect(await pass(), "there is more than one pass takes").toBe("again");
  expect(await waiting()).toBe(80);
  expect(await pass()).toBeUndefined();
  expect(await waiting()).toBe(0);
  // All of it is mail that nobody needs any more.
  const undone = "select 1 from outbox where done_at is null";
  expect(await database().execute(undone)).toEqual([]);
  expect(await counted()).toEqual(before.map((count) => count + 600));
});

/** What metrics say was handed over, and was found to be needless. */
async function counted(): Promise<number[]> {
  const told = await metrics().metrics();
  return [
    /^mini_compete_outbox_relayed_total (\d+)$/m,
    /^mini_compete_mail_jobs_total\{outcome="nothing_to_send"\} (\d+)$/m,
  ].map((line) => Number(line.exec(told)?.[1] ?? 0));
}
