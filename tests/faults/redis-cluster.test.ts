import "../support/redis-cluster-of-its-own";
import { Cluster } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  cancelRegistration,
  findDrift,
  register,
  sweepSeats,
} from "~/domain/registration/index.server";
import { seatKeys } from "~/domain/registration/seats/redis";
import { database } from "~/platform/orm";
import { closeQueueConnections } from "~/platform/queues";
import { keyPrefix, primaries, redis } from "~/platform/redis";
import { findRedisFault } from "~/platform/redis-health";
import { limit } from "~/web/rate-limits";
import { opsCommand } from "../../worker/ops/commands/command";
import { closeScheduleQueue } from "../../worker/reminder-schedule";
import { neverEvicts } from "../../worker/require-noeviction";
import { Crowd } from "../support/crowd";
import { eventually } from "../support/eventually";
import {
  expectMailWell,
  expectSeatsWell,
  MOST_AWAY_MS,
  redisDecides,
  rushThroughFailover,
} from "../support/failover";
import {
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
} from "../support/fixtures";
import { closeMailAndEverything } from "../support/mail";
import { replicasFollow } from "../support/redis-cluster";
import { cluster } from "../support/redis-cluster-of-its-own";
import { infoLine, type RedisNode } from "../support/redis-nodes";
import { count, driftOf, mustRegister } from "../support/registering";
import { startWorker } from "../support/worker-process";

beforeAll(() => expect(redis()).toBeInstanceOf(Cluster));
afterAll(async () => {
  await closeMailAndEverything();
  await closeScheduleQueue();
  closeQueueConnections();
});
afterEach(async () => {
  const dead = cluster.nodes.filter(({ service }) => !service.isRunning());
  await Promise.all(dead.map(({ service }) => service.restart()));
  await replicasFollow(dead);
});

const primaryOf = (competitionId: string) => cluster.primaryOf(seatKeys(competitionId).meta);

/** Two crowds a primary. */
async function crowdsEverywhere(organizerId: string): Promise<Crowd[]> {
  const crowds = new Map(cluster.nodes.slice(0, 3).map((node) => [node, [] as Crowd[]]));
  while ([...crowds.values()].some(({ length }) => length < 2)) {
    const crowd = await Crowd.of({ capacity: 30, organizerId });
    crowds.get(await primaryOf(crowd.competitionId))?.push(crowd);
  }
  return [...crowds.values()].flat();
}

test("a primary is killed in a rush and its replica takes over", async () => {
  // People come and go here, and the mail of a loop would wait an hour.
  await startWorker({ RATE_LIMITS: "off" });
  const organizer = await createPerson("ORGANIZER");
  const crowds = await crowdsEverywhere(organizer.id);
  // The one that has the queues, too.
  const { service } = await cluster.primaryOf(`{${keyPrefix()}-queues}`);
  const kill = () => service.kill();
  const { awayMs } = await rushThroughFailover({ crowds, organizer, kill });
  expect(awayMs).toBeLessThan(MOST_AWAY_MS);
  await expectSeatsWell(crowds);
  await expectMailWell();
});

test("a replica that missed acknowledged writes takes over", async () => {
  const rushed = await openCompetition({ capacity: 3 });
  const primary = await primaryOf(rushed);
  const quiet = await openOn(primary);
  const [early, late, ...others] = (await createPeople(5)) as [Person, Person, ...Person[]];
  const kept = await mustRegister(early, rushed, "kept");
  await mustRegister(early, quiet);
  await sweepSeats();
  await cutOff(await cluster.replicaOf(primary), primary);
  const lost = await mustRegister(late, rushed, "lost");
  for (const competitionId of [rushed, quiet]) {
    await cancelRegistration({ actor: early, competitionId });
  }
  await primary.service.kill();
  // Who asks for a seat makes Redis catch up with Postgres first; nobody does for the quiet one.
  await eventually(async () => {
    await redisDecides([{ competitionId: rushed }]);
    expect(await findDrift([rushed, quiet])).toMatchObject([{ competitionId: quiet }]);
  });

  const results = await Promise.all(
    others.map((user) => register({ user, competitionId: rushed })),
  );
  expect(count(results, "registered")).toBe(2);
  expect(count(results, "competition_full")).toBe(1);
  expect((await confirmedSeats(rushed)).map(({ seatNo }) => seatNo)).toEqual([1, 2, 3]);
  expect(await mustRegister(late, rushed, "lost")).toEqual({ ...lost, replayed: true });
  expect(await mustRegister(early, rushed, "kept")).toEqual({ ...kept, replayed: true });

  // As if nothing had happened there for a week.
  for (const table of ["registration", "competition"]) {
    await database().execute(`update ${table} set updated_at = now() - interval '7 days'`);
  }
  await redis().set(`${keyPrefix()}:sweep-cursor`, 1_000);
  await sweepSeats();
  expect(await driftOf([rushed, quiet])).toEqual([]);
});

test("operators and rate limits ask every primary", async () => {
  const status = await opsCommand(["status"]);
  expect(status.exitCode, status.text).toBe(0);
  for (const address of ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"])
    await limit("signup", { address, account: "a" });
  const counted = await Promise.all(
    primaries(redis()).map((node) => node.keys(`${keyPrefix()}:limit:*`)),
  );
  expect(counted.flat()).toHaveLength(6);

  expect(await neverEvicts()).toBe(true);
  const { ask, service } = await primaryOf("any");
  await ask.config("SET", "maxmemory-policy", "allkeys-lru");
  expect(await neverEvicts()).toBe(false);
  onTestFinished(() => void process.kill(service.pid, "SIGCONT"));
  process.kill(service.pid, "SIGSTOP");
  expect(await findRedisFault(2_000)).toBe("redis_away");
});

async function openOn(primary: RedisNode): Promise<string> {
  for (;;) {
    const competitionId = await openCompetition();
    if ((await primaryOf(competitionId)) === primary) return competitionId;
  }
}

/** From now on the replica gets nothing from its primary. */
async function cutOff(replica: RedisNode, primary: RedisNode): Promise<void> {
  const offset = async ({ ask }: RedisNode, whose: string) =>
    Number(infoLine(await ask.info("replication"), `${whose}_repl_offset`));
  const done = await offset(primary, "master");
  await eventually(async () => expect(await offset(replica, "slave")).toBeGreaterThanOrEqual(done));
  await replica.ask.config("SET", "masterauth", "wrong");
  await replica.ask.call("CLIENT", "KILL", "TYPE", "master");
}
