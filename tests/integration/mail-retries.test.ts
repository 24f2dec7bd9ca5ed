import { type Job, UnrecoverableError, Worker } from "bullmq";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import {
  findFailedJob,
  listFailedJobs,
  type MailComposers,
  mailQueue,
  orderMail,
  recordFailedJob,
  relayOutbox,
  replayAllFailedJobs,
  replayFailedJob,
  replayUncomposed,
  sweepFailedJobs,
  UndeliverableMail,
} from "~/domain/mail/index.server";
import { composeConfirmation } from "~/domain/registration/index.server";
import { composeReminder } from "~/domain/reminders/index.server";
import { database } from "~/platform/orm";
import { OwnError } from "~/platform/own-error";
import { MAIL_QUEUE, workerOptions } from "~/platform/queues";
import { startMailWorker } from "../../worker/mail-worker";
import { eventually } from "../support/eventually";
import {
  closeMailAndEverything,
  confirmationsOf,
  outboxIdOf,
  outboxState,
  registerSomebody,
} from "../support/mail";

const working: MailComposers = {
  "registration.confirmed": composeConfirmation,
  "registration.reminder": composeReminder,
};
let worker: Worker | undefined;

afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await mailQueue().obliterate({ force: true });
  await database().execute("delete from failed_job");
  await database().execute("delete from outbox");
});

afterAll(closeMailAndEverything);

describe("mail that cannot be sent", () => {
  test("is tried again after 2, 4 and 8 seconds, then becomes a dead letter", async () => {
    const { outboxId, registrationId, user } = await registerSomebody();
    worker = startMailWorker({ composers: failing(new OwnError("no paper")) });
    await relayOutbox();
    const jobId = `mail-${outboxId}-1`;
    for (const seconds of [2, 4, 8]) {
      const job = await waitForState(jobId, "delayed");
      expect(job.delay).toBe(seconds * 1_000);
      expect(await outboxState(outboxId)).toMatchObject({ done: false, dead: false });
      await job.promote();
    }
    await waitForState(jobId, "failed");
    await eventually(async () => expect(await listFailedJobs()).toHaveLength(1));
    const [dead] = await listFailedJobs();
    expect(dead).toMatchObject({
      jobName: "registration.confirmed",
      jobId,
      jobData: { outboxId, generation: 1 },
      error: "no paper",
      attempts: 4,
      replayedAt: null,
      requestId: `of-${user.id}`,
    });
    expect(await outboxState(outboxId)).toMatchObject({ dead: true, done: false });
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
    expect(await confirmationsOf(registrationId)).toBe(0);
  });

  test("leaves once it is replayed, under the next generation, and only once", async () => {
    const { outboxId, registrationId } = await registerSomebody();
    worker = startMailWorker({ composers: failing(new UndeliverableMail("no such street")) });
    await relayOutbox();
    await eventually(async () => expect(await listFailedJobs()).toHaveLength(1));
    await worker.close();
    const [dead] = await listFailedJobs();
    if (!dead) throw new Error("no dead letter");

    expect(await replayFailedJob({ id: dead.id })).toEqual({ status: "replayed" });
    expect(await replayFailedJob({ id: dead.id })).toEqual({ status: "already_replayed" });
    expect(await findFailedJob({ id: dead.id })).toMatchObject({ replayedAt: expect.any(Date) });
    expect(await listFailedJobs()).toEqual([]);
    expect(await listFailedJobs({ replayed: true })).toHaveLength(1);
    worker = startMailWorker({ composers: working });
    expect(await relayOutbox()).toEqual({ enqueued: 1 });
    await eventually(async () =>
      expect(await outboxState(outboxId)).toMatchObject({ generation: 2, done: true, dead: false }),
    );
    expect(await confirmationsOf(registrationId)).toBe(1);
  });

  test("goes to the dead letters at once when its payload is malformed", async () => {
    await database().transactional((em) =>
      orderMail(em, [
        { dedupeKey: "bad", kind: "registration.confirmed", payload: { registrationId: "7" } },
      ]),
    );
    worker = startMailWorker({ composers: working });
    await relayOutbox();
    await eventually(async () =>
      expect(await listFailedJobs()).toMatchObject([{ attempts: 1, replayedAt: null }]),
    );
    expect(await outboxState(await outboxIdOf("bad"))).toMatchObject({ dead: true });
  });

  test("is sent again by a worker that can compose it, when one of the previous release could not", async () => {
    const { outboxId } = await registerSomebody();
    worker = startMailWorker({ composers: {} });
    await relayOutbox();
    await eventually(async () => expect(await listFailedJobs()).toHaveLength(1));
    const kinds = Object.keys(working);
    expect(await replayUncomposed(kinds)).toEqual({ replayed: 0 });
    await database().execute("update failed_job set failed_at = now() - interval '1 minute'");
    expect(await replayUncomposed(["registration.reminder"])).toEqual({ replayed: 0 });
    expect(await replayUncomposed(kinds)).toEqual({ replayed: 1 });
    expect(await outboxState(outboxId)).toMatchObject({ dead: false, done: false });
    expect(await replayUncomposed(kinds)).toEqual({ replayed: 0 });
  });

  test("a job of an unknown kind is a dead letter, with nothing to replay", async () => {
    worker = startMailWorker({ composers: working });
    await mailQueue().add("odd", { to: 7 }, { jobId: "odd-job" });
    await eventually(async () => expect(await listFailedJobs()).toHaveLength(1));
    const [dead] = await listFailedJobs();
    expect(await replayFailedJob({ id: dead?.id ?? "" })).toEqual({ status: "nothing_to_send" });
  });
});

test("a failure that is no fault of the mail's costs none of its attempts", async () => {
  const { outboxId } = await registerSomebody();
  const away = Object.assign(new Error("terminating connection"), { code: "57P01" });
  worker = startMailWorker({ composers: failing(away) });
  await relayOutbox();
  const job = await waitForState(`mail-${outboxId}-1`, "delayed");
  expect(job.attemptsMade).toBe(0);
  await worker.close();
  worker = startMailWorker({ composers: working });
  await job.promote();
  await eventually(async () => expect(await outboxState(outboxId)).toMatchObject({ done: true }));
});

describe("the sweep of failed jobs", () => {
  test("records, once, those whose worker could not", async () => {
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    await failBehindTheWorkersBack(`mail-${outboxId}-1`);
    const swept = await Promise.all([sweepFailedJobs(), sweepFailedJobs()]);
    expect(swept.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(1);
    expect(await sweepFailedJobs()).toEqual({ recorded: 0 });
    expect(await listFailedJobs()).toMatchObject([{ jobId: `mail-${outboxId}-1` }]);
    expect(await outboxState(outboxId)).toMatchObject({ dead: true });
  });

  test("does not end mail that has been replayed since", async () => {
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    const failure = {
      jobName: "registration.confirmed",
      jobId: `mail-${outboxId}-1`,
      jobData: { outboxId, generation: 1 },
      error: "late news",
      attempts: 4,
    };
    await recordFailedJob(failure);
    expect(await replayAllFailedJobs()).toEqual({ replayed: 1 });
    await relayOutbox();
    await database().execute("delete from failed_job");
    await recordFailedJob(failure);
    expect(await outboxState(outboxId)).toMatchObject({ generation: 2, dead: false });
  });
});

function failing(error: Error): MailComposers {
  const fail = () => Promise.reject(error);
  return { "registration.confirmed": fail, "registration.reminder": fail };
}

async function waitForState(jobId: string, state: string): Promise<Job> {
  await vi.waitFor(async () => expect(await mailQueue().getJobState(jobId)).toBe(state), {
    timeout: 10_000,
  });
  const job: Job | undefined = await mailQueue().getJob(jobId);
  if (!job) throw new Error(`${jobId} is gone`);
  return job;
}

/** A worker that takes the job, marks it failed and does no more: as if it died right then. */
async function failBehindTheWorkersBack(jobId: string): Promise<void> {
  const mute = new Worker(MAIL_QUEUE, undefined, workerOptions());
  const job = await mute.getNextJob("token");
  expect(job?.id).toBe(jobId);
  await job?.moveToFailed(new UnrecoverableError("stalled"), "token", false);
  await mute.close();
}
