import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint, isFailpointAhead } from "~/platform/failpoint";
import { inOneTrip, inTransaction, type Statement } from "~/platform/orm";
import { isRefusedCommit, UnknownCommit } from "~/platform/postgres-error";

/**
 * Runs the unit of work in a transaction.
 *
 * @throws UnknownCommit when COMMIT was not answered; any other error means rolled back
 */
export async function transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
  let committing = false;
  try {
    const result = await inTransaction(async (em) => {
      const done = await work(em);
      await failpoint("register-before-commit");
      committing = true;
      return done;
    });
    await failpoint("register-commit-answered");
    return result;
  } catch (error) {
    if (committing && !isRefusedCommit(error)) throw new UnknownCommit(error);
    throw error;
  }
}

/**
 * The same for statements that are sent together with their COMMIT.
 *
 * @param failpoints are passed when the statements are answered
 * @returns the rows of each
 */
export async function transactionInOneTrip(
  statements: Statement[],
  failpoints = ["register-before-commit"],
): Promise<unknown[][]> {
  const pass = async () => {
    for (const name of failpoints) await failpoint(name);
  };
  const beforeCommit = isFailpointAhead(...failpoints) ? pass : undefined;
  const rows = await inOneTrip(statements, { beforeCommit });
  await failpoint("register-commit-answered").catch((error: unknown) => {
    throw new UnknownCommit(error);
  });
  return rows;
}
