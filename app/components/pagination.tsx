import { Link, useSearchParams } from "@remix-run/react";
import { TO_LIST } from "./focus";
import { useListQuery } from "./list-address";

const STEP =
  "inline-flex min-h-target items-center rounded-md border border-line-strong bg-raised px-4 text-sm font-semibold hover:border-ink hover:bg-sunken print:hidden";

/**
 * Ways to the neighbouring pages of a list, keeping its search.
 *
 * @param props.of whose pages: those of the line, below another list, lead to the line's heading
 */
export function Pagination(props: { page: number; pages: number; of?: "page" | "line" }) {
  const { page, pages, of = "page" } = props;
  const query = useListQuery();
  if (pages <= 1) return null;
  const to = (number: number) => ({
    search: query({ [of]: number === 1 ? null : `${number}` }),
    hash: of === "line" ? "#line" : "",
  });
  return (
    <nav
      aria-label={of === "line" ? "Pages of the line" : "Pages"}
      className="mt-8 flex items-center justify-between gap-4 print:block"
    >
      {page > 1 ? (
        <Link to={to(page - 1)} rel="prev" state={TO_LIST} className={STEP}>
          Previous
        </Link>
      ) : (
        <span />
      )}
      <p className="text-sm text-ink-soft digits">
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
 * Ways through a list of unknown length: on, and back to its start, keeping its search and its order.
 *
 * @param after the row after which the next page begins, for the address; null on the last page
 * @param words names for the two ways, where the order has better ones
 */
export function FurtherPages({
  after,
  words = { start: "Start", next: "Next" },
}: {
  after: string | null;
  words?: { start: string; next: string };
}) {
  const [search] = useSearchParams();
  const query = useListQuery();
  const isFirst = !search.get("after");
  if (isFirst && after === null) return null;
  const to = (after: string | null) => ({ search: query({ after }) });
  return (
    <nav aria-label="Pages" className="mt-8 flex items-center justify-between gap-4">
      {isFirst ? (
        <span />
      ) : (
        <Link to={to(null)} state={TO_LIST} className={STEP}>
          {words.start}
        </Link>
      )}
      {after === null ? (
        <span />
      ) : (
        <Link to={to(after)} rel="next" state={TO_LIST} className={STEP}>
          {words.next}
        </Link>
      )}
    </nav>
  );
}
