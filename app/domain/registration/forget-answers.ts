import { database } from "~/platform/orm";

/** Answers are replayed to their key for this long, hours. */
const KEPT_HOURS = 24;
/** A statement's share: a day of a rush is a million of them. */
const FORGOTTEN_AT_ONCE = 5_000;

/** Forgets answers that need no longer be replayed, a share of them at a time. */
export async function forgetOldAnswers(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from idempotency_key where ctid = any(array(
       select ctid from idempotency_key
        where created_at < now() - make_interval(hours => ?) order by created_at limit ?))
     returning 1`,
    [KEPT_HOURS, FORGOTTEN_AT_ONCE],
  );
  return { forgotten: rows.length };
}
