import { inBatches } from "~/platform/batch";
import { failpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { deliveryOf, findRecipient } from "./delivery";
import {
  type MailComposer,
  type MailComposers,
  type MailKind,
  UndeliverableMail,
} from "./messages";
import { comesInTurn } from "./turns";
import { mayComeAgain, withdrawOrder } from "./withdraw";
import { type OrderRow, writeMail } from "./write-mail";

export type Delivery = {
  status: "delivered" | "already_done" | "nothing_to_send" | "gone" | "postponed";
};

/**
 * Delivers one outbox row's mail into the mailbox, exactly once however often this runs, and queues
 * it for SMTP where that is set up. Deliveries that run at once share every statement.
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
  return deliverRow({ row, jobId, composers });
}

/** The same for a row that was just read, and was not done. */
export async function deliverRow({
  row,
  jobId,
  composers,
}: {
  row: OutboxRow;
  jobId: string;
  composers: MailComposers;
}): Promise<Delivery> {
  const message = await composerOf(row.kind, composers)(row.payload);
  if (!message && mayComeAgain(row.kind)) {
    await withdrawOrder(row.id);
    return { status: "nothing_to_send" };
  }
  if (message && !(await comesInTurn(row, message))) return { status: "postponed" };
  const state = message
    ? deliveryOf({ mail: message, recipient: await findRecipient(row, message) })
    : "none";
  await failpoint("mail-before-write");
  const written = await writeMail({ row, message, jobId, state });
  await failpoint("mail-after-write");
  if (!message) return { status: "nothing_to_send" };
  return { status: written ? "delivered" : "already_done" };
}

interface OutboxRow extends OrderRow {
  kind: string;
  payload: unknown;
}

const findOutboxRow = inBatches<string, (OutboxRow & { done: boolean }) | undefined>({
  most: 100,
  async run(ids) {
    const rows: (OutboxRow & { done: boolean })[] = await database().execute(
      `select id::text, dedupe_key, kind, payload, done_at is not null as done
         from outbox where id = any(?::bigint[])`,
      [`{${ids.join(",")}}`],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  },
});

function composerOf(kind: string, composers: MailComposers): MailComposer {
  const composer = isOneOf(kind, composers) && composers[kind];
  if (!composer) throw new UndeliverableMail(`nobody composes ${kind}`);
  return composer;
}

function isOneOf(kind: string, composers: MailComposers): kind is MailKind {
  return Object.hasOwn(composers, kind);
}
