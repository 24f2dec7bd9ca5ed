import { Link } from "@remix-run/react";
import { FROM_ITS_START, useListQuery } from "~/components/list-address";

/** The orders that a list without columns can have, each a link. */
export function SortLinks(props: {
  sort: { by: string; descending: boolean };
  orders: { label: string; sort: string }[];
}) {
  const query = useListQuery();
  const current = `${props.sort.descending ? "-" : ""}${props.sort.by}`;
  return (
    <nav aria-label="Order" className="mt-4 flex flex-wrap items-center gap-x-5 text-sm">
      {props.orders.map(({ label, sort }) => {
        const isCurrent = sort === current;
        return (
          <Link
            key={sort}
            to={{ search: query({ ...FROM_ITS_START, sort }) }}
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
