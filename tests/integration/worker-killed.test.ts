import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { mailQueue } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";
import { sourceWithout } from "../faults/guards/sources";
import {
  closeMailAndEverything,
  confirmationsOf,
  outboxState,
  registerSomebody,
} from "../support/mail";
import { spawnWorker, startWorker } from "../support/worker-process";

afterAll(closeMailAndEverything);

beforeEach(async () => {
  await mailQueue().obliterate({ force: true });
  await database().execute("delete from outbox");
});

const PATIENCE = { timeout: 60_000, interval: 100 };

// Each start of a process takes seconds, and a dead worker's job is anybody's after ten.
describe("a worker", { timeout: 180_000 }, () => {
  test("that is killed at any step between claim and done sends one mail", async () => {
    const first = await registerSomebody();
    for (const step of ["relay-after-claim", "relay-after-add", "mail-before-write"]) {
      const { ended } = spawnWorker({ FAILPOINTS: `${step}=kill` });
      expect(await ended).toBe("SIGKILL");
      expect(await confirmationsOf(first.registrationId)).toBe(0);
    }
    const second = await registerSomebody();
    expect(await spawnWorker({ FAILPOINTS: "mail-after-write=kill" }).ended).toBe("SIGKILL");
    expect(await confirmationsOf(second.registrationId)).toBe(1);

    await startWorker();
    for (const { registrationId, outboxId } of [first, second]) {
      await vi.waitFor(async () => {
        expect(await mailQueue().getJobState(`mail-${outboxId}-1`)).toBe("completed");
        expect(await outboxState(outboxId)).toMatchObject({ generation: 1, done: true });
      }, PATIENCE);
      expect(await confirmationsOf(registrationId)).toBe(1);
    }
  });

  test("whose dedupe guard is off would send two: the test above can fail", async () => {
    const { folder, remove } = sourceWithout("mail-dedupe");
    onTestFinished(remove);
    const { registrationId } = await registerSomebody();
    const killed = spawnWorker({ FAILPOINTS: "mail-after-write=kill" }, folder);
    expect(await killed.ended).toBe("SIGKILL");
    await startWorker({}, folder);
    await vi.waitFor(async () => expect(await confirmationsOf(registrationId)).toBe(2), PATIENCE);
  });
});
