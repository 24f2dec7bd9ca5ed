import { type RegisterResult, register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import type { Person } from "./fixtures";

/** How many were told this. */
export function count(results: RegisterResult[], status: RegisterResult["status"]): number {
  return results.filter((result) => result.status === status).length;
}

/** Registers somebody who must get a seat. */
export async function mustRegister(user: Person, competitionId: string, idempotencyKey?: string) {
  const result = await register({ user, competitionId, idempotencyKey });
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
