import { Form, Link, useSearchParams } from "@remix-run/react";
import { Button } from "./button";
import { FROM_ITS_START, useListQuery } from "./list-address";
import { SearchInput } from "./search-input";

/** The field that narrows a list down. The rest of its address is kept, and its pages begin anew. */
export function ListSearch({ q, label = "Search" }: { q: string; label?: string }) {
  const [search] = useSearchParams();
  return (
    <Form method="get" role="search" className="flex flex-wrap items-end gap-3 print:hidden">
      <div className="min-w-0 flex-1 basis-52 space-y-1.5">
        <label htmlFor="q" className="block font-semibold">
          {label}
        </label>
        <SearchInput q={q} />
      </div>
      {["sort", "when", "tag"].map((name) => {
        const value = search.get(name);
        return value ? <input key={name} type="hidden" name={name} value={value} /> : null;
      })}
      <Button look="secondary">Search</Button>
    </Form>
  );
}

/**
 * What was looked for, how much of it there is, and the way back to everything.
 *
 * @param found how much, or whether there is any where nobody counts
 */
export function SearchResult({ q, found }: { q: string; found: number | boolean }) {
  const query = useListQuery();
  return (
    // There before it has anything to say: only then its words are spoken.
    <p aria-live="polite" className="text-sm wrap-anywhere text-ink-soft not-empty:mt-4">
      {q ? (
        <>
          {inWords(found)} for “<bdi>{q}</bdi>” ·{" "}
          <Link to={{ search: query({ ...FROM_ITS_START, q: null }) }} className="link">
            Show all
          </Link>
        </>
      ) : null}
    </p>
  );
}

function inWords(found: number | boolean): string {
  if (!found) return "Nothing found";
  return found === true ? "Found" : `${found.toLocaleString("en-GB")} found`;
}
