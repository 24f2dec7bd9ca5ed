import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { atFailpoint } from "~/platform/failpoint";
import { redis } from "~/platform/redis";
import { closeEverything, openCompetition } from "../support/fixtures";
import { reserveSeat, seatKeys, sweepSeats } from "../support/registration-parts";

afterAll(closeEverything);

function anyoneAsksFor(competitionId: string) {
  return reserveSeat({ competitionId, userId: randomUUID(), registrationId: randomUUID() });
}

describe("a competition that does not exist", () => {
  test("is refused, and the next sweep makes Redis forget it", async () => {
    const competitionId = randomUUID();
    expect(await anyoneAsksFor(competitionId)).toEqual({ status: "not_found" });
    const keys = Object.values(seatKeys(competitionId));
    expect(await redis().exists(...keys)).toBeGreaterThan(0);
    expect((await sweepSeats()).forgotten).toBeGreaterThan(0);
    expect(await redis().exists(...keys)).toBe(0);
  });
});

describe("a competition that Redis does not know", () => {
  test("is synced twice at most, then Postgres decides alone", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const { version, ...others } = seatKeys(competitionId);
    await redis().unlink(version, ...Object.values(others));
    let snapshots = 0;
    // Something always changes between the snapshot and its landing, so that no sync succeeds.
    const end = atFailpoint("sync-after-snapshot", async () => {
      snapshots++;
      await redis().incr(version);
    });
    try {
      expect(await anyoneAsksFor(competitionId)).toEqual({ status: "unavailable" });
    } finally {
      end();
    }
    expect(snapshots).toBe(2 * 3);
  });
});
