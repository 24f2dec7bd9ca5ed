import { randomUUID } from "node:crypto";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { redis } from "~/platform/redis";
import { closeEverything, createPeople, openCompetition, type Person } from "../support/fixtures";
import { mustRegister } from "../support/registering";
import {
  cancelRegistration,
  confirmSeats,
  findDrift,
  releaseSeat,
  reserveSeat,
  seatKeys,
  syncSeats,
} from "../support/registration-parts";

afterEach(() => vi.restoreAllMocks());
afterAll(closeEverything);

test("releasing a hold keeps an answer that its key got meanwhile", async () => {
  const competitionId = await openCompetition();
  const [user] = (await createPeople(1)) as [Person];
  const request = {
    competitionId,
    userId: user.id,
    registrationId: randomUUID(),
    idempotency: { key: "key", fingerprint: "f" },
  };
  expect(await reserveSeat(request)).toMatchObject({ status: "reserved", seatNo: 1 });
  const answer = '{"seatNo":2}';
  // Committed under another seat than the hold's: the answer stands, the hold is left over.
  await confirmSeats({ competitionId, seats: [{ ...request, seatNo: 2, answer }] });
  await releaseSeat(request);
  expect(await reserveSeat(request)).toEqual({ status: "replayed", answer });
});

describe("a sync is made again of which Redis lost, before it landed, a part of", () => {
  /** Two with a seat, two who cancelled, and free seats on both sides of each. */
  async function varied() {
    const competitionId = await openCompetition({ capacity: 6 });
    const people = await createPeople(4);
    for (const user of people) await mustRegister(user, competitionId, "key");
    for (const { id: userId } of [people[0], people[2]] as [Person, Person]) {
      await cancelRegistration({ userId, competitionId });
    }
    return competitionId;
  }

  /** Does `lose` to the staged data of the next sync, as a wipe in the wrong moment would. */
  function beforeItLands(lose: (staged: Staged) => Promise<unknown>): void {
    const client = redis();
    const evalsha = client.evalsha.bind(client);
    vi.spyOn(client, "evalsha").mockImplementationOnce(async (...args) => {
      const [confirmed = "", free = "", cancelled = ""] = args.slice(9, 12).map(String);
      await lose({ confirmed, free, cancelled });
      return evalsha(...args);
    });
  }

  const parts: [name: string, lose: (staged: Staged) => Promise<unknown>][] = [
    [
      "the confirmed seats",
      async ({ confirmed }) =>
        redis().hdel(confirmed, (await redis().hkeys(confirmed))[0] ?? "nobody"),
    ],
    ["the free seats", ({ free }) => redis().zpopmin(free)],
    ["those who cancelled", ({ cancelled }) => redis().spop(cancelled)],
  ];

  test.each(parts)("%s", async (_, lose) => {
    const competitionId = await varied();
    beforeItLands(async (staged) => expect(await lose(staged)).toBeTruthy());
    expect(await syncSeats({ competitionId })).toEqual({ status: "synced" });
    const { confirmed, free, cancelled } = seatKeys(competitionId);
    expect(await redis().hlen(confirmed)).toBe(2);
    expect(await redis().zrange(free, 0, -1)).toEqual(["1", "3"]);
    expect(await redis().scard(cancelled)).toBe(2);
    expect(await findDrift([competitionId])).toEqual([]);
  });
});

interface Staged {
  confirmed: string;
  free: string;
  cancelled: string;
}
