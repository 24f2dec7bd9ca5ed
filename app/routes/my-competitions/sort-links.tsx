import { Link, useSearchParams } from "@remix-run/react";

/** The orders that a list without columns can have, each a link. */
export function SortLinks(props: {
  sort: { by: string; descending: boolean };
  orders: { label: string; sort: string }[];
}) {
  const [search] = useSearchParams();
  const current = `${props.sort.descending ? "-" : ""}${props.sort.by}`;
  return (
    <nav aria-label="Order" className="mt-4 flex flex-wrap items-center gap-x-5 text-sm">
      {props.orders.map(({ label, sort }) => {
        const to = new URLSearchParams(search);
        to.set("sort", sort);
        to.delete("page");
        const isCurrent = sort === current;
        return (
          <Link
            key={sort}
            to={{ search: `?${to}` }}
            preventScrollReset
            aria-current={isCurrent ? "true" : undefined}
            className={`inline-flex min-h-target items-center rounded-sm underline-offset-4 ${isCurrent ? "font-semibold text-ink" : "text-ink-soft underline hover:text-ink"}`}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
