import type { EntityManager } from "@mikro-orm/postgresql";
import type { Place } from "../cursor";
import { SEARCH_MS, searching, WORD_PATTERN, wordsOf } from "../searching";

/** How many matches are still looked at one by one. */
export const RARE = 300;
/** How many competitions are looked through at a time for words that many have. */
const WINDOW = 200;

/** A condition on competitions `c`, with its parameters. */
export interface Condition {
  sql: string;
  parameters: string[];
}

/**
 * Finds competitions with these words, newest first. Words that few have are found by the index, all
 * of them; of words that many have, the newest competitions are looked through until enough are found.
 *
 * @param filter what else must hold
 * @returns where to go on, when there may be more; `total` when it is known, up to `RARE`
 * @throws DomainError `unavailable` when it takes too long, or too many people search
 */
export function searchNewest(asked: {
  words: string;
  filter: Condition;
  after: Place | null;
  most: number;
}): Promise<{ ids: string[]; next: Place | null; total: number | null }> {
  const { words, filter, after, most } = asked;
  return searching(async (em) => {
    const match = matching(words);
    const rare = await findRare(em, match, filter);
    if (!rare) return { ...(await lookThrough(em, { match, filter, after, most })), total: null };
    const rest = rare.filter((place) => !after || isAfter(place, after));
    const shown = rest.slice(0, most);
    const next = rest.length > most ? (shown.at(-1) ?? null) : null;
    return { ids: shown.map(({ id }) => id), next, total: rare.length };
  });
}

/** A competition has all of the words, in any order, whatever their case and accents. */
export function matching(text: string): Condition {
  const words = wordsOf(text);
  const conditions = words.map((word) =>
    // The index knows texts by three characters in a row. Less would read every description there is.
    /[\p{L}\p{N}]{3}/u.test(word)
      ? `competition_words(c.title, c.description, c.tags) like ${WORD_PATTERN}`
      : `plain_words(c.title || ' ' || array_to_string(c.tags, ' ')) like ${WORD_PATTERN}`,
  );
  return { sql: `(${conditions.join(" and ") || "true"})`, parameters: words };
}

/** All matches, newest first; null when there are too many of them. */
async function findRare(
  em: EntityManager,
  match: Condition,
  filter: Condition,
): Promise<Place[] | null> {
  const rows: FoundRow[] = await em.execute(
    `select id, created_at from (
       select c.id, c.created_at from competition c
        where c.deleted_at is null and ${match.sql}${filter.sql} limit ?) found
      order by created_at desc, id desc`,
    [...match.parameters, ...filter.parameters, RARE + 1],
  );
  return rows.length > RARE ? null : rows.map(toPlace);
}

async function lookThrough(
  em: EntityManager,
  asked: { match: Condition; filter: Condition; after: Place | null; most: number },
): Promise<{ ids: string[]; next: Place | null }> {
  const { match, filter, most } = asked;
  const until = performance.now() + SEARCH_MS;
  const ids: string[] = [];
  let after = asked.after;
  while (ids.length < most && performance.now() < until) {
    const rows: (FoundRow & { hit: boolean })[] = await em.execute(
      `select c.id, c.created_at, ${match.sql} as hit from competition c
        where c.deleted_at is null${filter.sql}
        ${after ? "and (c.created_at, c.id) < (?::timestamptz, ?::uuid)" : ""}
        order by c.created_at desc, c.id desc limit ?`,
      [...match.parameters, ...filter.parameters, ...(after ? [after.at, after.id] : []), WINDOW],
    );
    for (const row of rows) {
      after = toPlace(row);
      if (row.hit && ids.push(row.id) === most) break;
    }
    if (rows.length < WINDOW && ids.length < most) return { ids, next: null };
  }
  return { ids, next: after };
}

interface FoundRow {
  id: string;
  created_at: string;
}

function toPlace({ id, created_at }: FoundRow): Place {
  return { at: new Date(created_at).toISOString(), id };
}

/** Whether a competition comes later in the list, which goes from newest to oldest. */
function isAfter(place: Place, other: Place): boolean {
  return place.at < other.at || (place.at === other.at && place.id < other.id);
}
