import { Form, Link, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { SearchInput } from "./search-input";

/** The field that narrows a list down. Its order is kept, and its pages begin anew. */
export function ListSearch({ q, label = "Search" }: { q: string; label?: string }) {
  const [search] = useSearchParams();
  const sort = search.get("sort");
  return (
    <Form method="get" role="search" className="flex flex-wrap items-end gap-3 print:hidden">
      <div className="min-w-0 flex-1 basis-52 space-y-1.5">
        <label htmlFor="q" className="block font-semibold">
          {label}
        </label>
        <SearchInput q={q} />
      </div>
      {sort ? <input type="hidden" name="sort" value={sort} /> : null}
      <Button look="secondary">Search</Button>
    </Form>
  );
}

/** What was looked for, how much of it there is, and the way back to everything. */
export function SearchResult({ q, children }: { q: string; children?: ReactNode }) {
  const [search] = useSearchParams();
  const sort = search.get("sort");
  return (
    // There before it has anything to say: only then its words are spoken.
    <p aria-live="polite" className="text-sm wrap-anywhere text-ink-soft not-empty:mt-4">
      {q ? (
        <>
          {children} “<bdi>{q}</bdi>” ·{" "}
          <Link to={{ search: sort ? `?sort=${encodeURIComponent(sort)}` : "" }} className="link">
            Show all
          </Link>
        </>
      ) : null}
    </p>
  );
}
