import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint } from "~/platform/failpoint";
import { inTransaction } from "~/platform/orm";
import { isRefusedCommit, UnknownCommit } from "~/platform/postgres-error";

/** Runs the unit of work and tells a COMMIT of unknown fate from everything that rolled back. */
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
