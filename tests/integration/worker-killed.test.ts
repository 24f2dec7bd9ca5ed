import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { mailQueue } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";
import { workerWithout } from "../faults/guards/sources";
import {
  closeMailAndEverything,
  confirmationsOf,
  deliveryState,
  letDeliveriesPass,
  outboxState,
  registerSomebody,
} from "../support/mail";
import { smtp } from "../support/smtp-server";
import { spawnWorker, startWorker } from "../support/worker-process";

afterAll(async () => {
  await closeMailAndEverything();
  await smtp.stop();
});

beforeEach(async () => {
  await mailQueue().obliterate({ force: true });
  await database().execute("delete from outbox");
});

/** Workers find the server in `SMTP_URL`. */
const receivedBy = ({ email }: { email: string }) =>
  smtp.received.filter((raw) => raw.includes(email)).length;

/** A worker that a failpoint kills. */
async function diesAt(step: string, folder?: string): Promise<void> {
  const { ended } = await spawnWorker({ FAILPOINTS: `${step}=kill` }, folder);
  expect(await ended).toBe("SIGKILL");
}

const PATIENCE = { timeout: 60_000, interval: 100 };

// Each start of a process takes seconds, and a dead worker's job is anybody's after ten.
describe("a worker", { timeout: 180_000 }, () => {
  test("that is killed at any step between claim and sent sends one mail", async () => {
    const taken = await registerSomebody();
    await diesAt("smtp-after-answer");
    expect(receivedBy(taken.user)).toBe(1);
    const first = await registerSomebody();
    for (const step of ["relay-after-claim", "relay-after-add", "mail-before-write"]) {
      await diesAt(step);
      expect(await confirmationsOf(first.registrationId)).toBe(0);
    }
    const second = await registerSomebody();
    await diesAt("mail-after-write");
    expect(await confirmationsOf(second.registrationId)).toBe(1);

    await startWorker();
    for (const { registrationId, outboxId } of [first, second]) {
      await vi.waitFor(async () => {
        expect(await mailQueue().getJobState(`mail-${outboxId}-1`)).toBe("completed");
        expect(await outboxState(outboxId)).toMatchObject({ generation: 1, done: true });
      }, PATIENCE);
      expect(await confirmationsOf(registrationId)).toBe(1);
    }
    // In case one was claimed by a worker that was killed.
    await letDeliveriesPass(120);
    for (const { user } of [first, second]) {
      await vi.waitFor(() => expect(receivedBy(user)).toBe(1), PATIENCE);
    }
    expect(await deliveryState(taken.registrationId)).toMatchObject({ state: "sending" });
    expect(receivedBy(taken.user)).toBe(1);
  });

  test("whose dedupe guard is off would send two: the test above can fail", async () => {
    const { folder, remove } = await workerWithout("mail-dedupe");
    onTestFinished(remove);
    const { registrationId } = await registerSomebody();
    await diesAt("mail-after-write", folder);
    await startWorker({}, folder);
    await vi.waitFor(async () => expect(await confirmationsOf(registrationId)).toBe(2), PATIENCE);
  });
});
