import type { EntityManager } from "@mikro-orm/postgresql";
import type { Position } from "../cursor";
import { orderSql } from "../paging";
import { hasWordsSql, plainSql, SEARCH_MS, searching, WORD_PATTERN, wordsOf } from "../searching";
import { IS_PUBLIC_SQL } from "./conditions.sql";

/** Up to this many matches are all read and sorted. */
export const RARE = 300;
/** For common words, how many competitions are looked through at a time. */
const WINDOW = 200;
/** The most organizers to find by one word of their names. */
const NAMESAKES = 1_000;

/** A condition on competitions `c`, with its parameters. */
export interface Condition {
  sql: string;
  parameters: string[];
}

/** The instant that competitions `c` are sorted by; those of one instant are sorted by id. */
export interface Order {
  key: string;
  descending: boolean;
}

interface Search {
  match: Condition;
  filter: Condition;
  order: Order;
}

/**
 * Finds competitions with these words, in order. Rare words are found through the index, all matches at
 * once; for common words, competitions are looked through in order until enough are found.
 *
 * @param filter what else must hold
 * @returns where to go on, if there may be more; `total` where it is known, up to `RARE`
 * @throws DomainError `unavailable` when it takes too long, or too many people search
 */
export function searchInOrder(asked: {
  words: string;
  filter: Condition;
  order: Order;
  after: Position | null;
  most: number;
}): Promise<{ ids: string[]; next: Position | null; total: number | null }> {
  const { words, filter, order, after, most } = asked;
  return searching(async (em) => {
    const match = matching(words, await findNamed(em, words));
    const rare = await findRare(em, { match, filter, order });
    if (!rare) {
      const found = await lookThrough(em, { match, filter, order, after, most });
      return { ...found, total: null };
    }
    const rest = rare.filter((position) => !after || isAfter(position, after, order));
    const shown = rest.slice(0, most);
    const next = rest.length > most ? (shown.at(-1) ?? null) : null;
    return { ids: shown.map(({ id }) => id), next, total: rare.length };
  });
}

/**
 * A competition has all of the words, in any order, whatever their case and accents.
 *
 * @param named for each word, the ids of organizers with the word in their names, as Postgres writes an
 *   array: their competitions count as having the word
 */
export function matching(text: string, named: string[] = []): Condition {
  const parameters: string[] = [];
  const conditions = wordsOf(text).map((word, index) => {
    // The indexes hold groups of three characters. Shorter words would read every description.
    const texts = /[\p{L}\p{N}]{3}/u.test(word) ? TEXTS : SHORT_TEXTS;
    parameters.push(...texts.map(() => word));
    const ways = texts.map((text) => `${text} like ${WORD_PATTERN}`);
    const organizers = named[index] ?? NOBODY;
    if (organizers !== NOBODY) {
      parameters.push(organizers);
      ways.push("c.created_by_id = any(?::uuid[])");
    }
    return `(${ways.join(" or ")})`;
  });
  return { sql: `(${conditions.join(" and ") || "true"})`, parameters };
}

/** Each has an index of its own. */
const TEXTS = ["competition_words(c.title, c.description, c.tags)", "plain_words(c.location)"];
const SHORT_TEXTS = [
  "plain_words(concat_ws(' ', c.title, array_to_string(c.tags, ' '), c.location))",
];

const NOBODY = "{}";

/** The organizers who have each of the words in their names. */
async function findNamed(em: EntityManager, text: string): Promise<string[]> {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const one = `select ?::int as nth, array(select u.id from "user" u
    where u.role = 'ORGANIZER'${hasWordsSql(plainSql("u.name"), ["word"])} limit ${NAMESAKES})::text as ids`;
  const rows: { nth: number; ids: string }[] = await em.execute(
    words.map(() => one).join(" union all "),
    words.flatMap((word, index) => [index, word]),
  );
  const found = new Map(rows.map(({ nth, ids }) => [nth, ids]));
  return words.map((_, index) => found.get(index) ?? NOBODY);
}

/** All matches in their order; null when there are too many of them. */
async function findRare(
  em: EntityManager,
  { match, filter, order }: Search,
): Promise<Position[] | null> {
  const rows: FoundRow[] = await em.execute(
    `select id, at from (
       select c.id, ${order.key} as at from competition c
        where ${IS_PUBLIC_SQL} and ${match.sql}${filter.sql} limit ?) found
      ${orderSql("at", "id", order.descending)}`,
    [...match.parameters, ...filter.parameters, RARE + 1],
  );
  return rows.length > RARE ? null : rows.map(toPosition);
}

async function lookThrough(
  em: EntityManager,
  asked: Search & { after: Position | null; most: number },
): Promise<{ ids: string[]; next: Position | null }> {
  const { match, filter, order, most } = asked;
  const until = performance.now() + SEARCH_MS;
  const beyond = `and (${order.key}, c.id) ${order.descending ? "<" : ">"} (?::timestamptz, ?::uuid)`;
  const ids: string[] = [];
  let after = asked.after;
  while (ids.length < most && performance.now() < until) {
    const rows: (FoundRow & { hit: boolean })[] = await em.execute(
      `select c.id, ${order.key} as at, ${match.sql} as hit from competition c
        where ${IS_PUBLIC_SQL}${filter.sql} ${after ? beyond : ""}
        ${orderSql(order.key, "c.id", order.descending)} limit ?`,
      [...match.parameters, ...filter.parameters, ...(after ? [after.at, after.id] : []), WINDOW],
    );
    for (const row of rows) {
      after = toPosition(row);
      if (row.hit && ids.push(row.id) === most) break;
    }
    if (rows.length < WINDOW && ids.length < most) return { ids, next: null };
  }
  return { ids, next: after };
}

interface FoundRow {
  id: string;
  at: string;
}

function toPosition({ id, at }: FoundRow): Position {
  return { at: new Date(at).toISOString(), id };
}

/** Whether a competition comes later in the list. */
function isAfter(position: Position, other: Position, { descending }: Order): boolean {
  const isBigger = position.at > other.at || (position.at === other.at && position.id > other.id);
  const isSame = position.at === other.at && position.id === other.id;
  return descending ? !isBigger && !isSame : isBigger;
}
