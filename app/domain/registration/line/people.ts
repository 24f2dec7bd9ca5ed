import type { Actor } from "~/domain/access";
import { hasWordsSql, wordsOf } from "../../searching";
import { countPeople, mayReadParticipants, PERSON_SQL, readPeople } from "../participants";

/** Somebody in line, for the organizer. */
export interface WaitingPerson {
  id: string;
  /** 1 for the first in line. */
  place: number;
  lineNo: number;
  joinedAt: Date;
  user: { id: string; name: string; email: string };
}

/**
 * Who waits in line, the first one first, for the competition's organizer; null for anybody else.
 *
 * @param q words that name and address must have, in any order, whatever their case and accents
 * @param after the last one that was read before: the places go on behind theirs
 * @param skip how many come before
 * @param limit the most people
 * @throws DomainError `unavailable` when a search takes too long
 */
export async function listLine(asked: {
  actor: Actor;
  competitionId: string;
  q?: string;
  after?: { place: number; lineNo: number } | undefined;
  skip?: number;
  limit: number;
}): Promise<WaitingPerson[] | null> {
  const { actor, competitionId, after, skip = 0, limit } = asked;
  if (!(await mayReadParticipants(actor, competitionId))) return null;
  const words = wordsOf(asked.q ?? "");
  const rows = await readPeople<WaitingRow>(
    `select r.id, r.line_no, r.place, r.registered_at, u.id as user_id, u.name, u.email
       from (select id, user_id, line_no, registered_at,
                    (? + row_number() over (order by line_no))::int as place
               from registration
              where competition_id = ? and status = 'WAITLISTED' and line_no > ?) r
       join "user" u on u.id = r.user_id
      where true${hasWordsSql(PERSON_SQL, words)} order by r.line_no limit ? offset ?`,
    {
      parameters: [after?.place ?? 0, competitionId, after?.lineNo ?? 0, ...words, limit, skip],
      isSearch: words.length > 0,
    },
  );
  return rows.map((row) => ({
    id: row.id,
    place: row.place,
    lineNo: row.line_no,
    joinedAt: new Date(row.registered_at),
    user: { id: row.user_id, name: row.name, email: row.email },
  }));
}

/**
 * How many `listLine` finds in all; null for anybody but the competition's organizer.
 *
 * @throws DomainError `unavailable` when a search takes too long
 */
export function countLine(asked: {
  actor: Actor;
  competitionId: string;
  q: string;
}): Promise<number | null> {
  return countPeople(asked, "WAITLISTED");
}

interface WaitingRow {
  id: string;
  place: number;
  line_no: number;
  registered_at: string;
  user_id: string;
  name: string;
  email: string;
}
