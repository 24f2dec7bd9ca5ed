import type { EntityManager } from "@mikro-orm/postgresql";
import { inTransaction } from "~/platform/orm";
import { troubleOf } from "~/platform/postgres-error";
import { semaphore } from "~/platform/semaphore";
import { withoutHidden } from "~/platform/words";
import { DomainError } from "./error";

/** How long each query of a search may take Postgres, and all of them together, in milliseconds. */
export const SEARCH_MS = 1_000;

/** Few at a time: whatever people look for, the rest of the pool is free for everything else. */
const searches = semaphore({ most: 3, queue: 100 });
const PATIENCE_MS = 1_000;
const RETRY_SECONDS = 3;

/**
 * Runs the queries of one search, each within its time.
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

function unavailable(what: string): DomainError {
  const message = `${what} Try again shortly, or with other words.`;
  return new DomainError("unavailable", message, { retryAfterSeconds: RETRY_SECONDS });
}

/** More words than anybody types; further ones are not looked for. */
const MOST_WORDS = 10;

/**
 * The words to look for in what somebody typed, or pasted along with invisible characters. No stored text
 * has such characters, and Postgres does not take all of them.
 */
export function wordsOf(text: string): string[] {
  return withoutHidden(text).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
}

/** SQL of a pattern that finds a word anywhere, made plain as the texts are. */
export const WORD_PATTERN = String.raw`('%' || regexp_replace(plain_words(?), '([\\%_])', '\\\1', 'g') || '%')`;

/** SQL of a text made plain, to be compared byte by byte. */
export function plainSql(text: string): string {
  return `plain_words(${text}) collate "C"`;
}

/** SQL, with a parameter for each word: a plain text has all of them. */
export function hasWordsSql(plain: string, words: string[]): string {
  return words.map(() => ` and ${plain} like ${WORD_PATTERN}`).join("");
}
