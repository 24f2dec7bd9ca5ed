import { type Actor, judge } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { orderSql, type Sort } from "../paging";
import { searching, WORD_PATTERN, wordsOf } from "../searching";

export interface MailView {
  id: string;
  to: string;
  subject: string;
  /** The text of the mail. */
  body: string;
  sentAt: Date;
  jobId: string | null;
}

type MailRow = Omit<MailView, "sentAt" | "jobId"> & {
  user_id: string;
  sent_at: string;
  job_id: string | null;
};

const SELECT_MAIL = `select id, user_id, "to", subject, body, sent_at, job_id from mail_box`;

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
  const after = cursor && isUuid(cursor) ? cursor : null;
  const rows: MailRow[] = await database().execute(
    `${SELECT_MAIL} where user_id = ?
     ${after ? "and (sent_at, id) < (select sent_at, id from mail_box where id = ? and user_id = ?)" : ""}
     order by sent_at desc, id desc limit ?`,
    [actor.id, ...(after ? [after, actor.id] : []), limit],
  );
  return rows.map(toView);
}

/** By what people sort their mail. */
export type SubjectOrder = "sent" | "subject";

/** What a list shows of a mail. */
export type MailSubject = Pick<MailView, "id" | "subject" | "sentAt">;

/**
 * The subjects of the actor's mail: what a list shows of it.
 *
 * @param after the id of the last mail of the page before; one that is no mail of theirs counts as none
 * @param q words that the subject must have, in any order, whatever their case and accents
 * @throws DomainError `unavailable` when a search takes too long
 */
export async function listSubjects(asked: {
  actor: Actor;
  limit: number;
  after?: string;
  q?: string;
  sort?: Sort<SubjectOrder>;
}): Promise<MailSubject[]> {
  const { actor, limit, q = "", sort = { by: "sent", descending: true } } = asked;
  const words = wordsOf(q);
  const after = await findOwnId(actor, asked.after);
  const place = ORDER_BY[sort.by];
  const sql = `select id, subject, sent_at from mail_box where user_id = ?
     ${after ? `and (${place}, id) ${sort.descending ? "<" : ">"} (select ${place}, id from mail_box where id = ?)` : ""}
     ${SUBJECT_HAS.repeat(words.length)} ${orderSql(place, "id", sort.descending)} limit ?`;
  const twice = words.flatMap((word) => [word, word]);
  const parameters = [actor.id, ...(after ? [after] : []), ...twice, limit];
  const rows: SubjectRow[] = await (words.length > 0
    ? searching((em) => em.execute(sql, parameters))
    : database().execute(sql, parameters));
  return rows.map(({ id, subject, sent_at }) => ({ id, subject, sentAt: new Date(sent_at) }));
}

type SubjectRow = Pick<MailRow, "id" | "subject" | "sent_at">;

/** As the index has it: plain words, so that Ångström stands under A, and no more than it holds. */
const PLAIN_SUBJECT = "left(plain_words(subject), 100)";

/** SQL for one word. Only where the index does not hold all of a subject is that made plain again. */
const SUBJECT_HAS = ` and (${PLAIN_SUBJECT} like ${WORD_PATTERN}
  or (char_length(${PLAIN_SUBJECT}) = 100 and plain_words(subject) like ${WORD_PATTERN}))`;

const ORDER_BY: Record<SubjectOrder, string> = {
  sent: "sent_at",
  subject: `${PLAIN_SUBJECT} collate "C"`,
};

async function findOwnId(actor: Actor, id: string | undefined): Promise<string | null> {
  if (!id || !isUuid(id)) return null;
  const sql = "select id from mail_box where id = ? and user_id = ?";
  const [own] = await database().execute<{ id: string }[]>(sql, [id, actor.id]);
  return own?.id ?? null;
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
