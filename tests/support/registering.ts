import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect, vi } from "vitest";
import {
  type Drift,
  findLastingDrift,
  type RegisterInput,
  type RegisterResult,
  register,
  sweepSeats,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import type { Person } from "./fixtures";

/** How many of the results have this status. */
export function count(results: RegisterResult[], status: RegisterResult["status"]): number {
  return results.filter((result) => result.status === status).length;
}

/** Registers somebody who must get a seat. */
export async function mustRegister(user: Person, competitionId: string, idempotencyKey?: string) {
  const result = await untilAnswered({ user, competitionId, idempotencyKey });
  if (result.status !== "registered") throw new Error(`expected a seat, was told ${result.status}`);
  return result;
}

/** Confirmations that wait for, or went through, the outbox. */
export async function confirmations(competitionId: string): Promise<number> {
  const [row] = await database().execute<{ count: number }[]>(
    `select count(*)::int as count from outbox o
     join registration r on o.dedupe_key = 'confirmation:' || r.id where r.competition_id = ?`,
    [competitionId],
  );
  return row?.count ?? 0;
}

/** Registers somebody under a key, and asks again for as long as they are told to come back. */
export function persist(user: Person, competitionId: string) {
  return untilAnswered({ user, competitionId, idempotencyKey: randomUUID() });
}

/**
 * Sends the same request until it has an answer, as a browser does. On a busy machine Redis or
 * Postgres may take longer than a request waits for them.
 */
async function untilAnswered(
  input: RegisterInput,
): Promise<Exclude<RegisterResult, { retryAfterSeconds: number }>> {
  for (;;) {
    const result = await register(input);
    if (!("retryAfterSeconds" in result)) return result;
    await delay(50 + Math.random() * 100);
  }
}

/** How Redis differs from Postgres, once Redis answers. */
export function driftOf(competitionIds: string[]): Promise<Drift[]> {
  return vi.waitFor(
    async () => {
      const drift = await findLastingDrift(competitionIds);
      if (!drift) throw new Error("Redis does not answer");
      return drift;
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** Sweeps until Redis equals Postgres, as the worker does. */
export async function expectMended(...competitionIds: string[]): Promise<void> {
  await vi.waitFor(
    async () => {
      await sweepSeats();
      expect(await findLastingDrift(competitionIds)).toEqual([]);
    },
    { timeout: 30_000, interval: 50 },
  );
}
