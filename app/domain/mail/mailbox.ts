import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";

export interface MailView {
  id: string;
  to: string;
  subject: string;
  /** The text of the mail. */
  body: string;
  html: string;
  sentAt: Date;
  jobId: string | null;
}

type MailRow = Omit<MailView, "sentAt" | "jobId"> & { sent_at: string; job_id: string | null };

const SELECT_MAIL = `select id, "to", subject, body, html, sent_at, job_id from mail_box`;

/**
 * A user's mail, newest first.
 *
 * @param cursor the id of the last mail of the page before
 */
export async function listMailbox({
  userId,
  limit = 100,
  cursor,
}: {
  userId: string;
  limit?: number;
  cursor?: string;
}): Promise<MailView[]> {
  const after = cursor && isUuid(cursor) ? cursor : null;
  const rows: MailRow[] = await database().execute(
    `${SELECT_MAIL} where user_id = ?
     ${after ? "and (sent_at, id) < (select sent_at, id from mail_box where id = ? and user_id = ?)" : ""}
     order by sent_at desc, id desc limit ?`,
    [userId, ...(after ? [after, userId] : []), limit],
  );
  return rows.map(toView);
}

/** One mail of the user's own, or null. */
export async function findMail({
  id,
  userId,
}: {
  id: string;
  userId: string;
}): Promise<MailView | null> {
  if (!isUuid(id)) return null;
  const [row] = await database().execute<MailRow[]>(`${SELECT_MAIL} where id = ? and user_id = ?`, [
    id,
    userId,
  ]);
  return row ? toView(row) : null;
}

function toView({ sent_at, job_id, ...rest }: MailRow): MailView {
  return { ...rest, sentAt: new Date(sent_at), jobId: job_id };
}
