import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import { editCompetition } from "~/domain/competitions/index.server";
import { findLastingDrift, sweepSeats } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { opsCommand } from "../../worker/ops/commands/command";
import { type Crowd, countMailTrouble } from "./crowd";
import type { Person } from "./fixtures";
import { releaseSeat, reserveSeat } from "./registration-parts";

/** Failures count after a second of silence here; the rest is generous. Milliseconds. */
export const MOST_AWAY_MS = 30_000;
/** Seats that the organizer adds in the middle of it. */
const SEATS_ADDED = 5;

/**
 * A rush in the middle of which the Redis that decides is killed, and people who come and go until
 * the one that takes over decides.
 *
 * @param kill ends the primary of at least one of the crowds' competitions
 * @returns how long nobody could register through Redis for some competition, milliseconds
 */
export async function rushThroughFailover({
  crowds,
  organizer,
  kill,
}: {
  crowds: Crowd[];
  organizer: Person;
  kill: () => Promise<unknown>;
}): Promise<{ awayMs: number }> {
  const answered = () => crowds.reduce((sum, crowd) => sum + crowd.answered, 0);
  const rush = Promise.all(crowds.map((crowd) => crowd.rush()));
  await vi.waitFor(() => expect(answered()).toBeGreaterThan(0), { timeout: 20_000, interval: 1 });
  await kill();
  const killedAt = performance.now();
  const answeredBefore = answered();
  await Promise.all(crowds.map((crowd) => addSeats(crowd, organizer)));
  await rush;
  let isBack = false;
  const churn = Promise.all(crowds.map((crowd) => crowd.churn(() => isBack)));
  await redisDecides(crowds);
  const awayMs = performance.now() - killedAt;
  const answeredAway = answered() - answeredBefore;
  console.log(
    `Redis decided again after ${Math.round(awayMs)} ms; ${answeredAway} were answered meanwhile`,
  );
  isBack = true;
  await churn;
  return { awayMs };
}

/** Waits until Redis, and not Postgres alone, decides about every competition. */
export async function redisDecides(crowds: Pick<Crowd, "competitionId">[]): Promise<void> {
  const stranger = randomUUID();
  await vi.waitFor(
    async () => {
      for (const { competitionId } of crowds) {
        const request = { competitionId, userId: stranger, registrationId: randomUUID() };
        const { status } = await reserveSeat(request);
        await releaseSeat(request);
        expect(status).toMatch(/^(reserved|full)$/);
      }
    },
    { timeout: 30_000, interval: 20 },
  );
}

/** All is well afterwards: exact seats, true answers, no drift. */
export async function expectSeatsWell(crowds: Crowd[]): Promise<void> {
  await mendsItself(crowds);
  for (const crowd of crowds) await crowd.rush();
  for (const crowd of crowds) await crowd.expectTruth();
  await mendsItself(crowds);
  const check = await opsCommand(["reconcile", "--check"]);
  expect(check.exitCode, check.text).toBe(0);
}

/** Everybody who has a seat is sent one confirmation. */
export async function expectMailWell(): Promise<void> {
  await vi.waitFor(
    async () => {
      await hurryLostMail();
      expect(await countMailTrouble()).toEqual({ missing: 0, doubled: 0 });
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function mendsItself(crowds: Crowd[]): Promise<void> {
  const ids = crowds.map(({ competitionId }) => competitionId);
  await vi.waitFor(
    async () => {
      await sweepSeats();
      expect(await findLastingDrift(ids)).toEqual([]);
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** The relay looks for jobs that got lost after a minute: here that minute has passed. */
async function hurryLostMail(): Promise<void> {
  await database().execute(
    `update outbox set enqueued_at = enqueued_at - interval '1 minute'
     where done_at is null and enqueued_at > now() - interval '1 minute'`,
  );
}

async function addSeats(crowd: Crowd, actor: Person): Promise<void> {
  crowd.capacity += SEATS_ADDED;
  const changes = { capacity: crowd.capacity };
  const edit = { actor, id: crowd.competitionId, changes };
  expect(await editCompetition(edit)).toMatchObject({ status: "saved" });
}
