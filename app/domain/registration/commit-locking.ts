import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint } from "~/platform/failpoint";
import { executePrepared } from "~/platform/orm";
import { type Committed, type Rows, statementsFor, tell } from "./commit";
import { lockCompetition } from "./lock";
import type { HeldRegistration } from "./outcome";
import { transaction } from "./transaction";

/** Commits registrations of one competition that wait for its lock together. */
export function commitLocking(
  held: HeldRegistration[],
  competitionId: string,
): Promise<Committed[]> {
  return transaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "shared" });
    return commitInTransaction(em, held);
  });
}

/** What `commitTogether` does, inside the caller's transaction and one statement after the other. */
export async function commitInTransaction(
  em: EntityManager,
  held: HeldRegistration[],
): Promise<Committed[]> {
  const rows: unknown[][] = [];
  for (const one of statementsFor(held)) {
    rows.push(await executePrepared(em, one.sql, one.parameters));
  }
  await failpoint("register-after-insert");
  return tell(em, held, rows as Rows);
}
