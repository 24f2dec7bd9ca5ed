import { Link } from "@remix-run/react";
import type { ReactNode } from "react";

interface Column<Row> {
  name: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** Where the heading leads to sort by this column. */
  sortTo?: string;
  numeric?: boolean;
}

/**
 * A table with a caption. Columns are sorted by following their heading: a link, so that it works
 * without scripts and a sorted table has an address.
 */
export function DataTable<Row>(props: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sortedBy?: string;
}) {
  return (
    // A wide table scrolls by itself, not the page; focusable, so that arrow keys can do it.
    <section
      aria-label={props.caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0"
    >
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr className="border-b border-line-strong">
            {props.columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                aria-sort={props.sortedBy === column.name ? "ascending" : undefined}
                className={`py-1 pr-4 font-semibold ${column.numeric ? "text-right" : ""}`}
              >
                {column.sortTo ? (
                  <SortLink to={column.sortTo} active={props.sortedBy === column.name}>
                    {column.label}
                  </SortLink>
                ) : (
                  column.label
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.rowKey(row)} className="border-b border-line">
              {props.columns.map((column) => (
                <td
                  key={column.name}
                  className={`py-3 pr-4 align-top whitespace-nowrap ${column.numeric ? "text-right tabular-nums" : ""}`}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SortLink(props: { to: string; active: boolean; children: ReactNode }) {
  return (
    <Link
      to={props.to}
      preventScrollReset
      className="group inline-flex min-h-target items-center gap-1 rounded-sm"
    >
      <span className="underline decoration-line-strong underline-offset-4 group-hover:decoration-ink">
        {props.children}
      </span>
      <span aria-hidden="true" className={props.active ? "" : "invisible"}>
        ↑
      </span>
    </Link>
  );
}
