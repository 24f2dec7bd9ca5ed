import { database } from "~/platform/orm";
import { troubleOf } from "~/platform/postgres-error";
import type { RegistrationBody } from "./registration-body";
import type { Idempotency } from "./seats";

export type StoredAnswer =
  | { status: "found"; body: RegistrationBody }
  | { status: "none" | "mismatch" | "unavailable" };

/** The final answer that Postgres keeps under a user's idempotency key. */
export async function findStoredAnswer({
  userId,
  competitionId,
  idempotency,
}: {
  userId: string;
  competitionId: string;
  idempotency: Idempotency;
}): Promise<StoredAnswer> {
  try {
    const [row] = await database().execute<{ fingerprint: string; body: string }[]>(
      "select fingerprint, body from idempotency_key where user_id = ? and scope = ? and key = ?",
      [userId, competitionId, idempotency.key],
    );
    if (!row) return { status: "none" };
    if (row.fingerprint !== idempotency.fingerprint) return { status: "mismatch" };
    return { status: "found", body: JSON.parse(row.body) as RegistrationBody };
  } catch (error) {
    if (troubleOf(error) === "other") throw error;
    return { status: "unavailable" };
  }
}

/** Whether Postgres knows of an active registration; null while it is away. */
export async function isRegistered({
  userId,
  competitionId,
}: {
  userId: string;
  competitionId: string;
}): Promise<boolean | null> {
  try {
    const rows = await database().execute<unknown[]>(
      `select 1 from registration
       where user_id = ? and competition_id = ? and status <> 'CANCELLED'`,
      [userId, competitionId],
    );
    return rows.length > 0;
  } catch (error) {
    if (troubleOf(error) === "other") throw error;
    return null;
  }
}
