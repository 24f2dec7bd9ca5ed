import { randomUUID } from "node:crypto";
import type { Ending } from "../../drive";
import { type RawClient, statement } from "../rival-database";
import type { SideRequest } from "./side";

/** Postgres refused because somebody else was there first (unique violation). */
export const TAKEN = "23505";
/** Postgres found no order in which these transactions could have run (serialization, deadlock). */
export const TRY_AGAIN = new Set(["40001", "40P01"]);

/** The SQLSTATE of an error, if it is one of Postgres'. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/**
 * Reads the competition, counts, and inserts while there is room; the caller says what keeps others
 * from doing so at the same time.
 */
export async function countThenInsert(
  client: RawClient,
  { competitionId, user, key }: SideRequest,
  { begin, lock }: { begin: string; lock: "" | "for update" },
): Promise<{ ending: Ending; registrationId?: string }> {
  const registrationId = randomUUID();
  try {
    await client.query({ text: begin });
    const { rows } = await client.query(
      statement(
        `competition ${lock}`,
        `select capacity, reg_deadline > now() as open from rival.competition where id = $1 ${lock}`,
        [competitionId],
      ),
    );
    const { rows: counted } = await client.query(
      statement(
        "count",
        "select count(*)::int as count from rival.registration where competition_id = $1",
        [competitionId],
      ),
    );
    if (!rows[0]?.open || Number(counted[0]?.count) >= Number(rows[0].capacity)) {
      await client.query({ text: "rollback" });
      return { ending: rows[0]?.open ? "full" : "other" };
    }
    await client.query(
      statement(
        "insert",
        `insert into rival.registration (id, user_id, competition_id, idempotency_key)
         values ($1, $2, $3, $4)`,
        [registrationId, user.id, competitionId, key ?? null],
      ),
    );
    await client.query({ text: "commit" });
    return { ending: "registered", registrationId };
  } catch (error) {
    await client.query({ text: "rollback" });
    throw error;
  }
}

/** The registration that an earlier request with this key made. */
export async function findByKey(client: RawClient, key: string): Promise<string | undefined> {
  const { rows } = await client.query(
    statement("by key", "select id from rival.registration where idempotency_key = $1", [key]),
  );
  return rows[0] && String(rows[0].id);
}
