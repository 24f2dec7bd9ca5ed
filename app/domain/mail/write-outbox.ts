import type { EntityManager } from "@mikro-orm/postgresql";
import type { MailKind } from "./mail-message";

export interface OutboxRow {
  /** Two rows with one key are one mail. */
  dedupeKey: string;
  kind: MailKind;
  /** Ids only, never addresses. */
  payload: Record<string, string>;
}

/**
 * Orders mail, in the caller's transaction: it leaves when that commits, and never if it does not.
 * A row whose key is known is left out.
 */
export async function writeOutbox(em: EntityManager, rows: OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const input = rows.map(({ dedupeKey, kind, payload }) => ({
    dedupe_key: dedupeKey,
    kind,
    payload,
  }));
  await em.execute(
    `insert into outbox (dedupe_key, kind, payload)
     select dedupe_key, kind, payload
       from json_to_recordset(?::json) as i(dedupe_key text, kind text, payload jsonb)
     on conflict (dedupe_key) do nothing`,
    [JSON.stringify(input)],
  );
}
