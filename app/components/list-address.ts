import { useSearchParams } from "@remix-run/react";

/** What an address says of a list; null takes it away. */
type Changes = Partial<
  Record<"q" | "tag" | "when" | "sort" | "page" | "line" | "after", string | null>
>;

/**
 * The query of this list's address, changed: `?q=chess&page=2`, empty where nothing is left. Whatever
 * else it asks for is kept.
 */
export function useListQuery(): (changes: Changes) => string {
  const [search] = useSearchParams();
  return (changes) => {
    const query = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    return query.size > 0 ? `?${query}` : "";
  };
}

/** To where a list begins. */
export const FROM_ITS_START = { page: null, line: null, after: null } as const;
