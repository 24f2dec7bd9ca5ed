import { OwnError } from "~/platform/own-error";
import type { CompetitionColumns } from "../competitions/columns.sql";
import type { RegistrationBody } from "./outcome";

/** An answer as `stored_answer` has it. */
export interface StoredAnswer {
  /** What of the answer stands nowhere else; all of it where there is no edition. */
  body: string;
  edition: string | null;
}

/** Columns of `ANSWER_SQL`. */
export interface AnswerRow extends StoredAnswer {
  answered_id: string;
  answered_user: string;
  answered_scope: string;
  edition_body: string | null;
}

/** SQL for the columns of a stored answer `k`, of which there may be none, and the join they need. */
export const ANSWER_SQL = {
  columns: `k.registration_id as answered_id, k.user_id as answered_user, k.scope as answered_scope,
    k.body, k.edition, e.body as edition_body`,
  join: "left join competition_edition e on e.id = k.edition",
};

/** The answer that was given, with its properties in the order of `registrationBody`. */
export function putTogether(row: AnswerRow): RegistrationBody {
  const own = JSON.parse(row.body) as RegistrationBody;
  // The previous release stored whole answers.
  if (row.edition === null) return own;
  if (row.edition_body === null) throw new OwnError(`answers outlived edition ${row.edition}`);
  return {
    ...{ id: row.answered_id, userId: row.answered_user, competitionId: row.answered_scope },
    ...own,
    competition: JSON.parse(row.edition_body) as CompetitionColumns,
  };
}

/** An edition is stored again, to be kept longer, when this old. Hours. */
const FRESH_HOURS = 1;

/** SQL for the id of an edition: a digest, so that equal texts are one edition, whoever stores them. */
export const editionIdSql = (body: string) =>
  `left(translate(encode(sha256(convert_to(${body}, 'UTF8')), 'base64'), '+/', '-_'), 22)`;

/**
 * SQL that stores what answers say of competitions (the rows `(edition, said)` of a table) once for each
 * edit. An edition in use costs an index lookup; it is written, and so locked until the commit, once an
 * hour.
 */
export const keepEditionsSql = (from: string) => `insert into competition_edition (id, body)
  select n.edition, n.said from ${from} n
  where not exists (select from competition_edition e
    where e.id = n.edition and e.used_at > now() - interval '${FRESH_HOURS} hour')
  order by n.edition
  on conflict (id) do update set used_at = excluded.used_at`;

/**
 * Deletes editions that no answer needs: none of recent hours, and none of answers that are still there,
 * since another worker may be in the middle of deleting them. Its parameter is how long answers are kept,
 * in hours.
 */
export const FORGET_EDITIONS_SQL = `delete from competition_edition
  where used_at < least(now() - make_interval(hours => ?), (select min(created_at) from stored_answer))
    - interval '${FRESH_HOURS} hour'`;
