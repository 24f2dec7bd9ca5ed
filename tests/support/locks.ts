import { expect } from "vitest";
import { lockCompetition } from "~/domain/registration/index.server";
import { database, inTransaction } from "~/platform/orm";
import { eventually } from "./eventually";

/**
 * Resolves when this many transactions wait: for a competition's lock (`advisory`), for another
 * transaction that has changed or locked the same row (`transactionid`), or behind the first of those
 * (`tuple`).
 */
export async function somebodyWaits(
  event: "advisory" | "transactionid" | "tuple",
  people = 1,
): Promise<void> {
  await eventually(async () => {
    const waiting: unknown[] = await database().execute(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and wait_event = ?`,
      [event],
    );
    expect(waiting).toHaveLength(people);
  });
}

/** Takes a competition's lock, as a change of it does. @returns releases it */
export function lockAlone(competitionId: string): Promise<() => Promise<void>> {
  return keep((em) => lockCompetition(em, { competitionId, mode: "exclusive" }));
}

/** Locks a row, so that the next one who writes it stands still. */
export function lockRow(
  id: string,
  table: "competition" | "user" = "competition",
): Promise<() => Promise<void>> {
  return keep((em) => em.execute(`select 1 from "${table}" where id = ? for update`, [id]));
}

type Work = Parameters<typeof inTransaction>[0];

/** Keeps a transaction open after its work. @returns ends it */
async function keep(work: Work): Promise<() => Promise<void>> {
  let over = () => {};
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  let done = () => {};
  const isDone = new Promise<void>((resolve) => {
    done = resolve;
  });
  const transaction = inTransaction(async (em) => {
    // It stays open for as long as the test needs.
    await em.execute("set local idle_in_transaction_session_timeout = 0");
    await work(em);
    done();
    await isOver;
  });
  await Promise.race([isDone, transaction]);
  return async () => {
    over();
    await transaction;
  };
}
