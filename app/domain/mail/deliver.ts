import { randomUUID } from "node:crypto";
import { failpoint } from "~/platform/failpoint";
import { database, inTransaction } from "~/platform/orm";
import { deliveryOf, findRecipient, queueForSmtp } from "./delivery";
import {
  type MailComposer,
  type MailComposers,
  type MailMessage,
  UndeliverableMail,
} from "./messages";
import { comesInTurn } from "./turns";

export type Delivery = {
  status: "delivered" | "already_done" | "nothing_to_send" | "gone" | "postponed";
};

interface OutboxRow {
  id: string;
  dedupe_key: string;
  kind: string;
  payload: unknown;
  done: boolean;
}

/**
 * Delivers one outbox row's mail into the mailbox, exactly once however often this runs, and queues
 * it for SMTP where that is set up.
 *
 * @throws UndeliverableMail, or a ZodError of the payload, when no repetition would help
 */
export async function deliverMail({
  outboxId,
  jobId,
  composers,
}: {
  outboxId: string;
  jobId: string;
  composers: MailComposers;
}): Promise<Delivery> {
  const row = await findOutboxRow(outboxId);
  if (!row) return { status: "gone" };
  if (row.done) return { status: "already_done" };
  const message = await composerOf(row.kind, composers)(row.payload);
  if (message && !(await comesInTurn(row, message))) return { status: "postponed" };
  await failpoint("mail-before-write");
  const written = await writeMail({ row, message, jobId });
  await failpoint("mail-after-write");
  if (!message) return { status: "nothing_to_send" };
  return { status: written ? "delivered" : "already_done" };
}

async function findOutboxRow(outboxId: string): Promise<OutboxRow | undefined> {
  const [row] = await database().execute<OutboxRow[]>(
    `select id::text, dedupe_key, kind, payload, done_at is not null as done
       from outbox where id = ?::bigint`,
    [outboxId],
  );
  return row;
}

function composerOf(kind: string, composers: MailComposers): MailComposer {
  const composer = Object.entries(composers).find(([name]) => name === kind)?.[1];
  if (!composer) throw new UndeliverableMail(`nobody composes ${kind}`);
  return composer;
}

/** The mail, its way to SMTP and the end of its outbox row, together or not at all. */
async function writeMail({
  row,
  message,
  jobId,
}: {
  row: OutboxRow;
  message: MailMessage | null;
  jobId: string;
}): Promise<boolean> {
  const delivery = message ? await firstStateOf(row, message) : "none";
  return inTransaction(async (em) => {
    let written = false;
    if (message) {
      const id = randomUUID();
      const inserted: unknown[] = await em.execute(
        `insert into mail_box (id, user_id, "to", subject, body, html, job_id, dedupe_key)
         values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (dedupe_key) do nothing returning id`,
        [
          id,
          message.userId,
          message.to,
          message.subject,
          message.text,
          message.html,
          jobId,
          row.dedupe_key,
        ],
      );
      written = inserted.length > 0;
      if (written && delivery !== "none") {
        await queueForSmtp(em, { mailId: id, userId: message.userId, state: delivery });
      }
    }
    await em.execute(
      "update outbox set done_at = coalesce(done_at, now()), dead_at = null where id = ?::bigint",
      [row.id],
    );
    return written;
  });
}

async function firstStateOf({ dedupe_key: dedupeKey }: OutboxRow, mail: MailMessage) {
  return deliveryOf({ mail, recipient: await findRecipient({ mail, dedupeKey }) });
}
