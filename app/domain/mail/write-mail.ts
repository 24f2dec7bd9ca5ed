import { randomUUID } from "node:crypto";
import { inBatches } from "~/platform/batch";
import { BY_INDEX_SQL, executePrepared, inTransaction } from "~/platform/orm";
import { troubleOf } from "~/platform/postgres-error";
import { textArray } from "~/platform/text-array";
import { type FirstState, MAILS_AT_ONCE, QUEUE_FOR_SMTP_SQL } from "./delivery";
import type { MailMessage } from "./messages";

/** The outbox row that orders a mail. */
export interface OrderRow {
  id: string;
  dedupe_key: string;
}

interface Writing {
  row: OrderRow;
  /** Null when there is nothing to send: then the row only ends. */
  message: MailMessage | null;
  jobId: string;
  state: FirstState;
}

/**
 * Writes a mail, its delivery by SMTP and the end of its outbox row, together or not at all. Mails that are
 * written at the same moment share a statement. If that fails, except in an outage, each is written by
 * itself, and only the one to blame fails.
 *
 * @returns whether it was written now; false when it had been before, or there is none
 */
export const writeMail = inBatches<Writing, boolean>({
  most: MAILS_AT_ONCE,
  inFlight: 2,
  blame: (error) => (troubleOf(error) === "away" ? "batch" : "one"),
  run: writeTogether,
});

async function writeTogether(writings: Writing[]): Promise<boolean[]> {
  const rows = writings.map(({ row, message, jobId, state }) => ({
    outbox_id: row.id,
    id: message ? randomUUID() : null,
    user_id: message?.userId ?? null,
    to: message?.to ?? null,
    subject: message?.subject ?? null,
    body: message?.text ?? null,
    // These leave by SMTP only: the mailbox shows the text, with a link to the event.
    html: state === "none" ? "" : (message?.html ?? null),
    calendar: state === "none" ? null : (message?.calendar ?? null),
    job_id: jobId,
    dedupe_key: row.dedupe_key,
    state,
  }));
  const ids = (name: "outbox_id" | "id" | "user_id") =>
    `{${rows.map((row) => row[name] ?? "null").join()}}`;
  const texts = TEXTS.map((name) => textArray(rows.map((row) => row[name])));
  const parameters = [ids("outbox_id"), ids("id"), ids("user_id"), ...texts];
  const written = await inTransaction(async (em) => {
    await executePrepared(em, `select ${BY_INDEX_SQL}`, []);
    return executePrepared<{ id: string }>(em, WRITE, parameters);
  });
  const writtenIds = new Set(written.map(({ id }) => id));
  return rows.map(({ id }) => id !== null && writtenIds.has(id));
}

const TEXTS = [
  ...(["to", "subject", "body", "html", "calendar", "job_id"] as const),
  ...(["dedupe_key", "state"] as const),
];

const WRITE = `
with input as (
  select * from unnest(?::bigint[], ?::uuid[], ?::uuid[], ${TEXTS.map(() => "?::text[]").join()})
    as i(outbox_id, id, user_id, ${TEXTS.map((name) => `"${name}"`).join()})
), written as (
  insert into mail_box (id, user_id, "to", subject, body, html, calendar, job_id, dedupe_key)
  select id, user_id, "to", subject, body, html, calendar, job_id, dedupe_key
    from input where id is not null order by outbox_id
  on conflict (dedupe_key) do nothing returning id
), ${QUEUE_FOR_SMTP_SQL}, done as (
  update outbox o set done_at = coalesce(done_at, now()), dead_at = null
    from input i where o.id = i.outbox_id
)
select id from written`;
