import { useSearchParams } from "@remix-run/react";

/** What an address may say about a list. */
const NAMES = ["q", "tag", "when", "sort", "page", "line", "after"] as const;
type Name = (typeof NAMES)[number];

/** Room for 200 letters that JavaScript counts twice; longer texts count as not given. */
const LONGEST = 400;

/** What to change; null removes it. */
type Changes = Partial<Record<Name, string | null>>;

/**
 * The query of this list's address, changed: `?q=chess&page=2`, empty if nothing is left. It keeps the rest
 * of what the address says about the list, and nothing else, since every link on the page repeats it.
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

/** Leads to the start of a list. */
export const FROM_ITS_START = { page: null, line: null, after: null } as const;
