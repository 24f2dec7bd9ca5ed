import type { EntityManager } from "@mikro-orm/postgresql";
import { DomainError } from "~/domain/error";
import { inTransaction } from "~/platform/orm";
import { troubleOf } from "~/platform/postgres-error";
import { semaphore } from "~/platform/semaphore";
import { withoutHidden } from "~/platform/words";
import type { Place } from "../cursor";

/** How long one question of a search may take Postgres, in milliseconds; and all of them together. */
export const SEARCH_MS = 1_000;

/** Few at a time: whatever people look for, the rest of the pool is free for everything else. */
const searches = semaphore({ most: 3, queue: 100 });
const PATIENCE_MS = 1_000;
const RETRY_SECONDS = 3;

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

/**
 * Asks the questions of one search, each within its time.
 *
 * @throws DomainError `unavailable` when one takes longer, or too many people search
 */
export async function searching<T>(ask: (em: EntityManager) => Promise<T>): Promise<T> {
  const look = () =>
    inTransaction(async (em) => {
      await em.execute(`set local statement_timeout = ${SEARCH_MS}`);
      return ask(em);
    });
  const found = await searches.within(look, { patienceMs: PATIENCE_MS }).catch((error) => {
    throw troubleOf(error) === "busy" ? unavailable("This search takes too long.") : error;
  });
  if (found === "refused") throw unavailable("Too many people are searching right now.");
  return found;
}

/** More words than anybody types; further ones are not looked for. */
const MOST_WORDS = 10;

/** A competition has all of the words, in any order, whatever their case and accents. */
function matching(text: string): Condition {
  // What was copied from a page may bring something along that nobody sees.
  const words = withoutHidden(text).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const conditions = words.map((word) =>
    // The index knows texts by three characters in a row. Less would read every description there is.
    /[\p{L}\p{N}]{3}/u.test(word)
      ? `competition_words(c.title, c.description, c.tags) like ${PATTERN}`
      : `plain_words(c.title || ' ' || array_to_string(c.tags, ' ')) like ${PATTERN}`,
  );
  return { sql: `(${conditions.join(" and ") || "true"})`, parameters: words };
}

/** SQL of a pattern that finds a word anywhere, made plain as the texts are. */
const PATTERN = String.raw`('%' || regexp_replace(plain_words(?), '([\\%_])', '\\\1', 'g') || '%')`;

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

function unavailable(what: string): DomainError {
  const message = `${what} Try again shortly, or with other words.`;
  return new DomainError("unavailable", message, { retryAfterSeconds: RETRY_SECONDS });
}
