import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint } from "~/platform/failpoint";
import { executePrepared } from "~/platform/orm";
import { OwnError } from "~/platform/own-error";
import { type Committed, type Rows, statementsFor, tell } from "./commit";
import { lockCompetition } from "./lock";
import type { HeldRegistration } from "./outcome";
import { transaction } from "./transaction";

/** Commits one registration, which waits its turn for the competition's lock. */
export async function commitAlone(held: HeldRegistration): Promise<Committed> {
  const [outcome] = await transaction(async (em) => {
    await lockCompetition(em, { competitionId: held.competitionId, mode: "shared" });
    return commitInTransaction(em, [held]);
  });
  if (!outcome) throw new OwnError("one registration has one outcome");
  return outcome;
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
