import "../support/redis-sentinels-of-its-own";
import { afterAll, expect, test } from "vitest";
import { redis } from "~/platform/redis";
import { Crowd } from "../support/crowd";
import {
  expectMailWell,
  expectSeatsWell,
  MOST_AWAY_MS,
  rushThroughFailover,
} from "../support/failover";
import { createPerson } from "../support/fixtures";
import { closeMailAndEverything } from "../support/mail";
import { watched } from "../support/redis-sentinels-of-its-own";
import { startWorker } from "../support/worker-process";

afterAll(closeMailAndEverything);

async function rushWhile(primaryEnds: NodeJS.Signals): Promise<Crowd[]> {
  expect(redis().options).toMatchObject({ name: watched.name });
  const organizer = await createPerson("ORGANIZER");
  const crowds: Crowd[] = [];
  while (crowds.length < 3)
    crowds.push(await Crowd.of({ capacity: 60, organizerId: organizer.id }));
  let ended: unknown;
  const kill = async () => {
    const { service } = await watched.replacablePrimary();
    ended = service;
    process.kill(service.pid, primaryEnds);
  };
  const { awayMs } = await rushThroughFailover({ crowds, organizer, kill });
  expect(awayMs).toBeLessThan(MOST_AWAY_MS);
  // Compared as a yes or no: a message about two servers would print their methods.
  expect((await watched.primary()).service === ended).toBe(false);
  return crowds;
}

test("the primary is killed in a rush and the sentinels promote a replica", async () => {
  await startWorker();
  await expectSeatsWell(await rushWhile("SIGKILL"));
  await expectMailWell();
});

// Its connections stay open: only the sentinels tell that it was replaced.
test("the primary hangs in a rush and the sentinels promote a replica", async () => {
  await expectSeatsWell(await rushWhile("SIGSTOP"));
});
