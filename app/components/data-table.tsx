import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { FROM_ITS_START, useListQuery } from "./list-address";

export interface Column<Row> {
  name: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** What its heading sorts by at first: the column's name, with a minus before it from the end. */
  sort?: string;
  /** Says what the row is about. */
  isHead?: boolean;
  /** Short enough for one line. */
  isShort?: boolean;
}

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sort: { by: string; descending: boolean };
}

/**
 * A table with a caption. A heading leads to the list sorted by its column, and followed again from
 * the other end: a link, so that it works without scripts and a sorted table has an address. On a
 * phone each row becomes a short list.
 *
 * Roles are written out: what is drawn as a block is no table to some screen readers.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, sort }: DataTableProps<Row>) {
  return (
    <div className="card overflow-hidden px-4 sm:px-5 print:border-0 print:p-0">
      <table {...role("table")} className="w-full border-collapse text-start max-sm:block">
        <caption className="sr-only">{caption}</caption>
        {/* On a phone only links to sort by are left of it. */}
        <thead
          {...role("rowgroup")}
          className={`border-line max-sm:block ${columns.some(({ sort }) => sort) ? "border-b" : "sm:border-b"}`}
        >
          <tr {...role("row")} className="max-sm:flex max-sm:flex-wrap">
            {columns.map((column) => {
              const order = sort.descending ? "descending" : "ascending";
              const isSorted = sort.by === column.name;
              return (
                <th
                  key={column.name}
                  {...role("columnheader")}
                  scope="col"
                  aria-sort={isSorted ? order : undefined}
                  className={`pe-4 text-start text-sm font-semibold ${column.sort ? "py-1" : "py-3 max-sm:sr-only"}`}
                >
                  {column.sort ? (
                    <SortLink first={column.sort} order={isSorted ? order : null}>
                      {column.label}
                    </SortLink>
                  ) : (
                    column.label
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody {...role("rowgroup")} className="max-sm:block">
          <DataRows columns={columns} rows={rows} rowKey={rowKey} />
        </tbody>
      </table>
    </div>
  );
}

/** The rows alone, for a table that is sent in pieces. */
export function DataRows<Row>(props: Pick<DataTableProps<Row>, "columns" | "rows" | "rowKey">) {
  return props.rows.map((row) => (
    <tr
      key={props.rowKey(row)}
      {...role("row")}
      className="break-inside-avoid border-b border-line last:border-b-0 max-sm:block max-sm:py-3"
    >
      {props.columns.map((column) =>
        column.isHead ? (
          <th
            key={column.name}
            {...role("rowheader")}
            scope="row"
            className="py-3 pe-4 text-start align-baseline font-semibold wrap-anywhere max-sm:block max-sm:py-0.5"
          >
            {column.cell(row)}
          </th>
        ) : (
          <td
            key={column.name}
            {...role("cell")}
            className={`py-3 pe-4 align-baseline text-sm wrap-anywhere max-sm:flex max-sm:gap-2 max-sm:py-0.5 ${column.isShort ? "digits sm:whitespace-nowrap" : ""}`}
          >
            {/* Beside its cell on a phone, where the headings are far away; and said as a heading. */}
            <span aria-hidden="true" className="shrink-0 text-ink-soft sm:hidden">
              {column.label}
            </span>
            <span className="min-w-0">{column.cell(row)}</span>
          </td>
        ),
      )}
    </tr>
  ));
}

function role<Name extends string>(name: Name): { role: Name } {
  return { role: name };
}

function SortLink(props: {
  first: string;
  order: "ascending" | "descending" | null;
  children: ReactNode;
}) {
  const query = useListQuery();
  const name = props.first.replace(/^-/, "");
  const next = { ascending: `-${name}`, descending: name };
  const sort = props.order ? next[props.order] : props.first;
  return (
    <Link
      to={{ search: query({ ...FROM_ITS_START, sort }) }}
      preventScrollReset
      className="group inline-flex min-h-target items-center gap-1 rounded-sm"
    >
      <span className="underline decoration-line-strong underline-offset-4 group-hover:decoration-ink">
        {props.children}
      </span>
      <span aria-hidden="true" className={props.order ? "" : "invisible"}>
        {props.order === "descending" ? "↓" : "↑"}
      </span>
    </Link>
  );
}
