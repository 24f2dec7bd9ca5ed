import { Link, useSearchParams } from "@remix-run/react";
import { TO_LIST } from "./focus";

const STEP =
  "inline-flex min-h-target items-center rounded-md border border-line px-4 text-sm font-semibold hover:bg-sunken";

/** Ways to the neighbouring pages of a list, keeping its search. */
export function Pagination({ page, pages }: { page: number; pages: number }) {
  const [search] = useSearchParams();
  if (pages <= 1) return null;
  const to = (number: number) => {
    const next = new URLSearchParams(search);
    if (number === 1) next.delete("page");
    else next.set("page", String(number));
    return { search: next.size > 0 ? `?${next}` : "" };
  };
  return (
    <nav aria-label="Pages" className="mt-8 flex items-center justify-between gap-4">
      {page > 1 ? (
        <Link to={to(page - 1)} rel="prev" state={TO_LIST} className={STEP}>
          Previous
        </Link>
      ) : (
        <span />
      )}
      <p className="text-sm text-ink-soft tabular-nums">
        Page {page} of {pages}
      </p>
      {page < pages ? (
        <Link to={to(page + 1)} rel="next" state={TO_LIST} className={STEP}>
          Next
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}

/**
 * Ways through a list that grows at its start: further back, and to its start.
 *
 * @param before where the next page begins, for the address; null on the last one
 */
export function OlderPages({ before }: { before: string | null }) {
  const [search] = useSearchParams();
  const isFirst = !search.has("before");
  if (isFirst && before === null) return null;
  return (
    <nav aria-label="Pages" className="mt-8 flex items-center justify-between gap-4">
      {isFirst ? (
        <span />
      ) : (
        <Link to={{ search: "" }} state={TO_LIST} className={STEP}>
          Newest
        </Link>
      )}
      {before === null ? (
        <span />
      ) : (
        <Link to={{ search: `?before=${before}` }} rel="next" state={TO_LIST} className={STEP}>
          Older
        </Link>
      )}
    </nav>
  );
}
