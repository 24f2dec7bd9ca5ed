import { type Actor, judge } from "~/domain/access";
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

type MailRow = Omit<MailView, "sentAt" | "jobId"> & {
  user_id: string;
  sent_at: string;
  job_id: string | null;
};

const SELECT_MAIL = `select id, user_id, "to", subject, body, html, sent_at, job_id from mail_box`;

/**
 * The actor's own mail, newest first.
 *
 * @param cursor the id of the last mail of the page before
 */
export async function listMailbox({
  actor,
  limit = 100,
  cursor,
}: {
  actor: Actor;
  limit?: number;
  cursor?: string;
}): Promise<MailView[]> {
  const rows: MailRow[] = await database().execute(
    ...newest(SELECT_MAIL, { actor, limit, cursor }),
  );
  return rows.map(toView);
}

/** A query of a user's mail, newest first. A cursor that is no id counts as none. */
function newest(
  select: string,
  { actor, limit, cursor }: { actor: Actor; limit: number; cursor?: string },
): [sql: string, parameters: (string | number)[]] {
  const after = cursor && isUuid(cursor) ? cursor : null;
  const sql = `${select} where user_id = ?
     ${after ? "and (sent_at, id) < (select sent_at, id from mail_box where id = ? and user_id = ?)" : ""}
     order by sent_at desc, id desc limit ?`;
  return [sql, [actor.id, ...(after ? [after, actor.id] : []), limit]];
}

/** The subjects of the actor's mail, newest first: what a list shows of it. */
export async function listSubjects({
  actor,
  limit,
  cursor,
}: {
  actor: Actor;
  limit: number;
  cursor?: string;
}): Promise<Pick<MailView, "id" | "subject" | "sentAt">[]> {
  const rows: Pick<MailRow, "id" | "subject" | "sent_at">[] = await database().execute(
    ...newest("select id, subject, sent_at from mail_box", { actor, limit, cursor }),
  );
  return rows.map(({ id, subject, sent_at }) => ({ id, subject, sentAt: new Date(sent_at) }));
}

/** One mail of the actor's own, or null. */
export async function findMail({
  actor,
  id,
}: {
  actor: Actor;
  id: string;
}): Promise<MailView | null> {
  if (!isUuid(id)) return null;
  const [row] = await database().execute<MailRow[]>(`${SELECT_MAIL} where id = ?`, [id]);
  const resource = row && { ownerId: row.user_id };
  return row && judge({ actor, action: "read mail", resource }) === "granted" ? toView(row) : null;
}

function toView({ sent_at, job_id, user_id: _owner, ...rest }: MailRow): MailView {
  return { ...rest, sentAt: new Date(sent_at), jobId: job_id };
}
