import "../support/redis-of-its-own";
import { randomUUID } from "node:crypto";
import {
  afterAll,
  afterEach,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from "vitest";
import {
  cancelRegistration,
  type RegisterResult,
  register,
  sweepSeats,
  syncSeats,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { isRedisUsable, keyPrefix, redis, tryRedis } from "~/platform/redis";
import { eventually } from "../support/eventually";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
} from "../support/fixtures";
import { operator, redisServer } from "../support/redis-of-its-own";
import { driftOf, expectMended, persist } from "../support/registering";

vi.setConfig({ testTimeout: 120_000 });
afterAll(closeEverything);
beforeEach(redisIsUsed);
afterEach(async () => {
  if (!redisServer.isRunning()) await redisServer.restart();
  await redisIsUsed();
});

/** No try is begun after eight seconds; that is a busy machine's limit, a quiet one needs one. */
const MOST_MS = 10_000;

async function redisIsUsed(): Promise<void> {
  await vi.waitFor(
    async () => {
      await tryRedis((client) => client.ping());
      expect(isRedisUsable()).toBe(true);
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** Everybody asks at once, and comes back when asked to, as a browser would. */
async function rush(people: Person[], competitionId: string) {
  const waits: number[] = [];
  let turnedAway = 0;
  const ask = async (user: Person): Promise<RegisterResult> => {
    for (;;) {
      const started = performance.now();
      const result = await register({ user, competitionId });
      waits.push(performance.now() - started);
      if (result.status !== "unavailable") return result;
      expect(result.retryAfterSeconds).toBeGreaterThan(0);
      turnedAway++;
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100));
    }
  };
  const results = await Promise.all(people.map(ask));
  return {
    registered: results.filter(({ status }) => status === "registered").length,
    full: results.filter(({ status }) => status === "competition_full").length,
    longestMs: Math.max(...waits),
    turnedAway,
  };
}

async function expectExact(competitionId: string, capacity: number): Promise<void> {
  const seats = (await confirmedSeats(competitionId)).map(({ seatNo }) => seatNo);
  expect(seats).toEqual(Array.from({ length: capacity }, (_, index) => index + 1));
}

function once(work: () => Promise<unknown>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work().then(() => {});
    return done;
  };
}

describe("registrations go on through Postgres, exactly, while Redis", () => {
  const CAPACITY = 60;
  const outages: [name: string, begin: () => Promise<unknown>, end: () => Promise<unknown>][] = [
    ["is down", () => redisServer.kill(), () => redisServer.restart()],
    [
      "answers nobody",
      () => operator.client("PAUSE", 60_000, "ALL"),
      () => redisServer.kill().then(() => redisServer.restart()),
    ],
    [
      "hangs with its connections open",
      async () => process.kill(redisServer.pid, "SIGSTOP"),
      async () => process.kill(redisServer.pid, "SIGCONT"),
    ],
    [
      "is a replica that takes no writes",
      () => operator.replicaof("127.0.0.1", 1),
      () => operator.replicaof("NO", "ONE"),
    ],
    [
      "is out of memory",
      () => operator.config("SET", "maxmemory", "1"),
      () => operator.config("SET", "maxmemory", "0"),
    ],
  ];

  test.each(outages)("%s", async (_, begin, end) => {
    const competitionId = await openCompetition({ capacity: CAPACITY });
    const people = await createPeople(120);
    const [early = people, late = people] = [people.slice(0, 40), people.slice(40)];
    expect(await rush(early.slice(0, 20), competitionId)).toMatchObject({ registered: 20 });
    const over = once(end);
    onTestFinished(over);
    // In the middle of a rush: some are between Redis and Postgres when it happens.
    const [during] = await Promise.all([rush(early.slice(20), competitionId), begin()]);
    expect(during.registered).toBe(20);
    const canceller = early[0] as Person;
    const own = { actor: canceller, competitionId };
    expect(await cancelRegistration(own)).toEqual({ status: "cancelled" });
    expect(await persist(canceller, competitionId)).toMatchObject({ status: "registered" });
    const after = await rush(late, competitionId);
    expect(after).toMatchObject({ registered: 20, full: 60 });
    expect(Math.max(during.longestMs, after.longestMs)).toBeLessThan(MOST_MS);
    await expectExact(competitionId, CAPACITY);
    await over();
    await expectMended(competitionId);
    const latest = await createPerson();
    expect(await persist(latest, competitionId)).toEqual({ status: "competition_full" });
  });

  test("is killed and comes back empty, again and again", async () => {
    const competitionId = await openCompetition({ capacity: CAPACITY });
    const people = await createPeople(180);
    let over = false;
    const killing = (async () => {
      while (!over) {
        await redisServer.kill();
        await redisServer.restart();
        await redisIsUsed();
      }
    })();
    const result = await rush(people, competitionId);
    over = true;
    await killing;
    expect(result).toMatchObject({ registered: CAPACITY, full: 120 });
    await expectExact(competitionId, CAPACITY);
    await expectMended(competitionId);
  });
});

test("beyond what Postgres can take alone, people are asked to come back, and soon", async () => {
  // Eight at a time, and a queue of twenty for each.
  const crowd = 180;
  const competitionId = await openCompetition({ capacity: crowd });
  const people = await createPeople(crowd);
  await redisServer.kill();
  const result = await rush(people, competitionId);
  expect(result.turnedAway).toBeGreaterThan(0);
  expect(result.registered).toBe(crowd);
  await expectExact(competitionId, crowd);
});

test("back with old data: it hands out nothing that is taken and hides nothing that is free", async () => {
  const kept = await openCompetition({ capacity: 4 });
  const people = await createPeople(8);
  const [first, second, third, fourth] = people as [Person, Person, Person, Person];
  expect(await rush([first, second], kept)).toMatchObject({ registered: 2 });
  await eventually(async () => expect(await driftOf([kept])).toEqual([]));
  await operator.save();
  // What the copy on the disk does not know: one more seat taken, one given up.
  expect(await rush([third], kept)).toMatchObject({ registered: 1 });
  await cancelRegistration({ actor: first, competitionId: kept });
  await redisServer.kill();
  await redisServer.restart();
  await redisIsUsed();
  expect(await driftOf([kept])).toHaveLength(1);
  expect(await persist(fourth, kept)).toMatchObject({ status: "registered" });
  const rest = await rush([first, ...people.slice(4)], kept);
  expect(rest).toMatchObject({ registered: 1, full: 4 });
  await expectExact(kept, 4);
  await expectMended(kept);
});

test("back with last week's data: the first sweep looks at everything", async () => {
  // More than one sweep looks at otherwise.
  const competitions = await takenCompetitions(210);
  for (const competitionId of competitions) {
    await eventually(async () =>
      expect(await syncSeats({ competitionId })).toEqual({ status: "synced" }),
    );
  }
  await operator.save();
  // What the copy on the disk does not know: everybody gave their seat back, a week ago.
  await database().execute(
    `update registration set status = 'CANCELLED', seat_no = null,
       updated_at = now() - interval '7 days'`,
  );
  await database().execute("update competition set updated_at = now() - interval '7 days'");
  await redisServer.kill();
  await redisServer.restart();
  await redisIsUsed();
  expect(await driftOf(competitions)).toHaveLength(competitions.length);
  await operator.set(`${keyPrefix()}:sweep-cursor`, 0);
  expect((await sweepSeats()).looked).toBeGreaterThanOrEqual(competitions.length);
  await expectMended(...competitions);
  expect(redis().status).toBe("ready");
});

/** Competitions of one seat, which somebody has; written straight into the tables. */
async function takenCompetitions(count: number): Promise<string[]> {
  const { id } = await createPerson("ORGANIZER");
  const ids = Array.from({ length: count }, () => randomUUID());
  await database().execute(
    `with made as (
       insert into competition (id, title, description, capacity, reg_deadline, created_by_id)
       select value::uuid, 'Test competition', 'About it', 1, now() + interval '1 day', ?
         from json_array_elements_text(?::json) returning id
     )
     insert into seat (competition_id, seat_no) select id, 1 from made`,
    [id, JSON.stringify(ids)],
  );
  await database().execute(
    `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
     select gen_random_uuid(), id, created_by_id, 'CONFIRMED', 1, now() from competition
      where created_by_id = ?`,
    [id],
  );
  return ids;
}
