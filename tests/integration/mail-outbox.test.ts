import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { Worker } from "bullmq";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type MailOrder,
  mailQueue,
  orderMail,
  recordFailedJob,
  relayOutbox,
  sweepOutbox,
} from "~/domain/mail/index.server";
import { database } from "~/platform/orm";
import { MAIL_QUEUE, workerOptions } from "~/platform/queues";
import { eventually } from "../support/eventually";
import {
  closeMailAndEverything,
  fillOutbox,
  outboxIdOf,
  outboxState,
  registerSomebody,
} from "../support/mail";
import { standStillAt } from "../support/stand-still";

afterAll(closeMailAndEverything);

beforeEach(async () => {
  await mailQueue().obliterate({ force: true });
  await database().execute("delete from outbox");
});

describe("the outbox", () => {
  test("has what was committed, and nothing of what was rolled back", async () => {
    const row = (dedupeKey: string) => ({
      dedupeKey,
      kind: "registration.confirmed" as const,
      payload: { registrationId: "what? \\? 'quoted'" },
    });
    await database().transactional((em) => orderMail(em, [row("kept"), row("kept"), row("two")]));
    const failure = database().transactional(async (em) => {
      await orderMail(em, [row("lost")]);
      throw new Error("rolled back");
    });
    await expect(failure).rejects.toThrow("rolled back");
    const rows: unknown[] = await database().execute(
      "select dedupe_key, payload from outbox order by id",
    );
    expect(rows).toEqual([
      { dedupe_key: "kept", payload: row("").payload },
      { dedupe_key: "two", payload: row("").payload },
    ]);
  });

  test("deletes rows whose mail was sent long ago, and no others", async () => {
    await fillOutbox(3);
    await database().execute(
      `update outbox set done_at = now() - interval '31 days'
        where id = (select min(id) from outbox)`,
    );
    expect(await sweepOutbox()).toEqual({ forgotten: 1 });
    expect(await sweepOutbox()).toEqual({ forgotten: 0 });
  });
});

describe("the relay", () => {
  test("hands a row over once, under an id of row and generation, with ids only", async () => {
    const { outboxId } = await registerSomebody();
    expect(await relayOutbox()).toEqual({ enqueued: 1 });
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
    const job = await mailQueue().getJob(`mail-${outboxId}-1`);
    expect(job).toMatchObject({
      name: "registration.confirmed",
      data: { outboxId, generation: 1 },
      opts: { attempts: 4, backoff: { type: "exponential", delay: 2_000 } },
    });
    expect(await outboxState(outboxId)).toMatchObject({ generation: 1, enqueued: true });
  });

  test("two at once hand each row over once", async () => {
    await fillOutbox(300);
    const results = await Promise.all(Array.from({ length: 6 }, () => relayOutbox()));
    const enqueued = results.reduce((sum, result) => sum + result.enqueued, 0);
    expect(enqueued).toBe(300);
    expect(await mailQueue().getWaitingCount()).toBe(300);
  });

  test("lets a fresh confirmation overtake a backlog", async () => {
    await fillOutbox(1_000);
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    expect(await outboxState(outboxId)).toMatchObject({ enqueued: true });
    expect(await mailQueue().getWaitingCount()).toBe(500);
  });

  test("lets urgent mail leave first, but still some of every kind", async () => {
    const order = (kind: MailOrder["kind"], count: number) =>
      Array.from({ length: count }, (_, index): MailOrder => {
        const payload = { registrationId: randomUUID(), startDate: "2030-01-01T00:00:00Z" };
        return { kind, dedupeKey: `${kind}:${index}`, payload };
      });
    const orders = [
      ...order("registration.reminder", 120),
      ...order("registration.joined", 120),
      ...order("registration.confirmed", 120),
    ];
    await database().transactional((em) => orderMail(em, orders));
    await relayOutbox({ most: 100 });
    const claimed: { kind: string; count: number }[] = await database().execute(
      `select kind, count(*)::int as count from outbox where enqueued_at is not null
        group by kind order by count desc, kind`,
    );
    expect(claimed).toEqual([
      { kind: "registration.confirmed", count: 68 },
      { kind: "registration.joined", count: 16 },
      { kind: "registration.reminder", count: 16 },
    ]);
  });

  test("leaves in Postgres what the queue has no room for", async () => {
    await fillOutbox(2_700);
    for (let pass = 0; pass < 7; pass++) await relayOutbox();
    expect(await mailQueue().getWaitingCount()).toBe(2_000);
    await mailQueue().drain();
    expect(await relayOutbox()).toEqual({ enqueued: 500 });
  });

  test("counts jobs that wait for their next try, too, as the queue's", async () => {
    await fillOutbox(3);
    const counts = vi.spyOn(mailQueue(), "getJobCounts");
    onTestFinished(() => counts.mockRestore());
    const inQueue: Record<string, number> = { waiting: 1_000, delayed: 998 };
    counts.mockImplementation(async (...types) =>
      Object.fromEntries(types.map((type) => [type, inQueue[type] ?? 0])),
    );
    expect(await relayOutbox()).toEqual({ enqueued: 2 });
    inQueue.delayed = 1_000;
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
  });

  test("hands a row over again, as the next generation, when the queue has lost its job", async () => {
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    await mailQueue().obliterate({ force: true });
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
    await makeStale();
    expect(await relayOutbox()).toEqual({ enqueued: 1 });
    expect(await outboxState(outboxId)).toMatchObject({ generation: 2 });
    expect(await mailQueue().getJob(`mail-${outboxId}-2`)).toBeDefined();
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
  });

  test("hands a row over again whose job ended without its mail", async () => {
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    const worker = new Worker(MAIL_QUEUE, undefined, workerOptions());
    onTestFinished(() => worker.close());
    const job = await worker.getNextJob("a-token");
    await job?.moveToCompleted("done", "a-token", false);
    expect(await mailQueue().getJobState(`mail-${outboxId}-1`)).toBe("completed");
    await makeStale();
    expect(await relayOutbox()).toEqual({ enqueued: 1 });
    expect(await outboxState(outboxId)).toMatchObject({ generation: 2 });
  });

  test("leaves a row alone whose job only waits for long", async () => {
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    await makeStale();
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
    expect(await outboxState(outboxId)).toMatchObject({ generation: 1 });
    expect(await mailQueue().getWaitingCount()).toBe(1);
    // And looks at others before it looks at this one again.
    const fresh = "select 1 from outbox where enqueued_at > now() - interval '30 seconds'";
    expect(await database().execute(fresh)).toHaveLength(1);
  });

  test("leaves rows alone that are done or dead", async () => {
    await fillOutbox(2);
    await database().execute(
      `update outbox set done_at = case when id % 2 = 0 then now() end,
                         dead_at = case when id % 2 = 1 then now() end`,
    );
    expect(await relayOutbox()).toEqual({ enqueued: 0 });
  });

  test("a batch that could not be added waits as before", async () => {
    const { registrationId, outboxId } = await registerSomebody();
    const queue = mailQueue();
    const addBulk = queue.addBulk.bind(queue);
    queue.addBulk = () => Promise.reject(new Error("Redis went away"));
    await expect(relayOutbox()).rejects.toThrow("Redis went away");
    queue.addBulk = addBulk;
    expect(await outboxState(outboxId)).toMatchObject({ generation: 0, enqueued: false });
    expect(await relayOutbox()).toEqual({ enqueued: 1 });
    expect(await outboxIdOf(`confirmation:${registrationId}`)).toBe(outboxId);
  });
});

async function makeStale(): Promise<void> {
  await database().execute("update outbox set enqueued_at = now() - interval '61 seconds'");
}

test("a job that fails before its relay has committed ends its outbox row all the same", async () => {
  const { outboxId } = await registerSomebody();
  const relay = standStillAt("relay-after-add");
  const relaying = relayOutbox();
  await relay.arrived;
  let isRecorded = false;
  const recording = recordFailedJob({
    jobName: "registration.confirmed",
    jobId: `mail-${outboxId}-1`,
    jobData: { outboxId, generation: 1 },
    error: "no such street",
    attempts: 1,
  }).then(() => {
    isRecorded = true;
  });
  // It waits for the relay's transaction, or, without that, has ended already.
  await eventually(async () => {
    const waiting: unknown[] = await database().execute(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(isRecorded || waiting.length > 0).toBe(true);
  });
  relay.goOn();
  await Promise.all([relaying, recording]);
  expect(await outboxState(outboxId)).toMatchObject({ generation: 1, dead: true });
});
