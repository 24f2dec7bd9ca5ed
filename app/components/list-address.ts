import { useSearchParams } from "@remix-run/react";

/** What an address may say of a list. */
const NAMES = ["q", "tag", "when", "sort", "page", "line", "after"] as const;
type Name = (typeof NAMES)[number];

/** As long as 200 letters that JavaScript counts twice; longer texts count as not given. */
const LONGEST = 400;

/** What is said otherwise; null takes it away. */
type Changes = Partial<Record<Name, string | null>>;

/**
 * The query of this list's address, changed: `?q=chess&page=2`, empty where nothing is left. The rest of
 * what it says of the list is kept, and nothing else: each of a page's many links has all of it.
 */
export function useListQuery(): (changes: Changes) => string {
  const [search] = useSearchParams();
  return (changes) => {
    const query = listQueryOf(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    return query.size > 0 ? `?${query}` : "";
  };
}

/** What an address says of its list, each thing once. */
export function listQueryOf(search: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of search) {
    const isKnown = NAMES.some((known) => known === name) && value.length <= LONGEST;
    if (isKnown && !query.has(name)) query.set(name, value);
  }
  return query;
}

/** To where a list begins. */
export const FROM_ITS_START = { page: null, line: null, after: null } as const;
