import type { Observer } from "./observer";
import type { Tally } from "./tally";

/** The registration that a mail's key names: what joins the two tables without comparing each with each. */
const NAMED_SQL = `split_part(m.dedupe_key, ':', case when m.dedupe_key like 'changed:%' then 3 else 2 end)`;

/**
 * Compares the mailboxes with the registrations, when every outbox row is done. Of a competition that
 * was deleted everybody hears so, and perhaps, before that, that they were registered.
 */
export async function checkMail(observer: Observer, tally: Tally): Promise<void> {
  const wrong = await observer.rows<{ id: string; status: string; mails: number }>(
    `select r.id, r.status, count(m.id)::int as mails
       from registration r
       join competition c on c.id = r.competition_id
       left join mail_box m on m.user_id = r.user_id and ${NAMED_SQL} = r.id::text
         and m.dedupe_key like 'confirmation:%'
      group by r.id, c.id
     having count(m.id) > 1
         or (count(m.id) = 0 and r.status = 'CONFIRMED' and r.promoted_at is null
             and c.deleted_at is null)`,
  );
  for (const { id, mails } of wrong) {
    tally.violate(mails === 0 ? "a confirmation lost" : "a confirmation doubled", id);
  }
  const untold = await observer.rows<{ id: string; mails: number }>(
    `select r.id, count(m.id)::int as mails
       from registration r
       join competition c on c.id = r.competition_id and c.deleted_at is not null
       left join mail_box m on m.dedupe_key = 'deleted:' || r.id
      where r.status <> 'CANCELLED'
      group by r.id having count(m.id) <> 1`,
  );
  for (const { id } of untold) tally.violate("a deletion untold, or told twice", id);
  const stray = await observer.rows<{ dedupe_key: string }>(
    `select dedupe_key from mail_box m where not exists (
       select from registration r where r.user_id = m.user_id and ${NAMED_SQL} = r.id::text
          and (m.dedupe_key like 'confirmation:' || r.id || '%'
            or m.dedupe_key in ('deleted:' || r.id, 'joined:' || r.id, 'promoted:' || r.id,
              'line-closed:' || r.id, 'given-back:' || r.id)
            or m.dedupe_key like 'changed:%:' || r.id))`,
  );
  for (const { dedupe_key } of stray) {
    tally.violate("mail to nobody's registration", dedupe_key);
  }
  await checkLineMail(observer, tally);
  const [sum] = await observer.rows<{ mails: number }>(
    "select count(*)::int as mails from mail_box",
  );
  tally.count("confirmations delivered", sum?.mails ?? 0);
}

/** One mail on joining, unless the seat came before it; one on promotion. */
async function checkLineMail(observer: Observer, tally: Tally): Promise<void> {
  const wrong = await observer.rows<{ id: string; kind: string; mails: number }>(
    `select r.id, kind, count(m.id)::int as mails
       from registration r join competition c on c.id = r.competition_id
      cross join (values ('joined'), ('promoted')) as kinds(kind)
       left join mail_box m on m.dedupe_key = kind || ':' || r.id
      where r.line_no is not null
      group by r.id, c.id, kind
     having count(m.id) > 1 or (count(m.id) = 0 and c.deleted_at is null
       and case kind when 'joined' then r.status = 'WAITLISTED'
         else r.status = 'CONFIRMED' and r.promoted_at is not null end)`,
  );
  for (const { id, kind, mails } of wrong) {
    tally.violate(mails === 0 ? "a line's mail lost" : "a line's mail doubled", `${kind}:${id}`);
  }
}
