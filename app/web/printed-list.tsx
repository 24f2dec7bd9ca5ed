import { Readable } from "node:stream";
import { createReadableStreamFromReadable } from "@remix-run/node";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { type Column, DataRows, DataTable } from "~/components/data-table";
import { DateTime, VisitorTimeProvider } from "~/components/date-time";
import { PrintedPage } from "~/components/printed-page";
import { knownTimeZone, notFound } from "./pages";

/** How many rows are printed at most: some two hundred sheets. */
const PRINTED_AT_MOST = 10_000;
/** How many are read, and how many are drawn at once: meanwhile everybody else waits. */
const READ_AT_ONCE = 1_000;
const DRAWN_AT_ONCE = 100;

interface PrintedList<Row> {
  request: Request;
  title: string;
  /** What it is a list of, in a sentence. */
  lede: string;
  q: string;
  columns: PrintedColumn<Row>[];
  stylesheet: string;
  /** The next rows: behind so many others, the last of which is `lastId`. Null where nobody may know. */
  read: (asked: { limit: number; skip: number; lastId?: string }) => Promise<Row[] | null>;
}

interface PrintedColumn<Row> {
  label: string;
  text: (row: Row) => string | number | Date;
  /** By whose clocks its dates are shown, where not by the visitor's. */
  zone?: (row: Row) => string;
  isHead?: boolean;
}

/**
 * All of a list as one document, sent a piece at a time, each made when the one before has left: to
 * make thousands of rows at once would keep everybody else waiting.
 *
 * @throws Response 404 where nobody may know of the rows
 */
export async function printedList<Row extends { id: string }>(
  list: PrintedList<Row>,
): Promise<Response> {
  const first = await list.read({ limit: READ_AT_ONCE, skip: 0 });
  if (!first) throw notFound();
  const body = createReadableStreamFromReadable(Readable.from(pieces(list, first)));
  return new Response(body, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

/** Reads a list that has numbered pages, the last of which stands for all behind it. */
export function pageByPage<Row>(
  browse: (asked: { page: number; perPage: number }) => Promise<{ items: Row[]; page: number }>,
): PrintedList<Row>["read"] {
  return async ({ limit, skip }) => {
    const page = skip / limit + 1;
    const found = await browse({ page, perPage: limit });
    return found.page === page ? found.items : [];
  };
}

async function* pieces<Row extends { id: string }>(
  list: PrintedList<Row>,
  first: Row[],
): AsyncGenerator<Buffer> {
  const draw = drawerFor(list.request);
  const table = {
    caption: list.title,
    columns: list.columns.map(toColumn),
    rowKey: ({ id }: Row) => id,
    sort: { by: "", descending: false },
  };
  const frame = (
    <Frame list={list}>
      <DataTable {...table} rows={[]} />
    </Frame>
  );
  // What people wrote is escaped, so this stands in it once.
  const [head, tail = ""] = draw(frame).split("</tbody>");
  yield Buffer.from(`<!doctype html>${head}`);
  let printed = 0;
  let rows: Row[] | null = first;
  while (rows && rows.length > 0 && printed < PRINTED_AT_MOST) {
    for (let from = 0; from < rows.length; from += DRAWN_AT_ONCE) {
      const some = rows.slice(from, from + DRAWN_AT_ONCE);
      yield Buffer.from(draw(<DataRows {...table} rows={some} />));
    }
    printed += rows.length;
    rows = await list.read({ limit: READ_AT_ONCE, skip: printed, lastId: rows.at(-1)?.id });
  }
  const count = printed.toLocaleString("en-GB");
  const end = rows?.length ? `These are the first ${count}. There are more.` : `${count} in all.`;
  yield Buffer.from(`</tbody>${tail.replace(END, end)}`);
}

/** Where the number of rows goes, which is known at the end. */
const END = "…";

function Frame<Row>({ list, children }: { list: PrintedList<Row>; children: ReactNode }) {
  const { pathname, search } = new URL(list.request.url);
  return (
    <PrintedPage
      title={list.title}
      lede={list.q ? `${list.lede} Found for “${list.q}”.` : list.lede}
      backTo={pathname.replace(/\/print$/, "") + search}
      stylesheet={list.stylesheet}
    >
      {children}
      <p className="mt-4 text-sm text-ink-soft">{END}</p>
    </PrintedPage>
  );
}

function toColumn<Row>({ label, text, zone, isHead }: PrintedColumn<Row>): Column<Row> {
  const cell = (row: Row) => {
    const value = text(row);
    if (!(value instanceof Date)) return <bdi>{value}</bdi>;
    return <DateTime value={value} zone={zone?.(row)} relative={false} />;
  };
  return { name: label, label, cell, isHead };
}

function drawerFor(request: Request): (part: ReactNode) => string {
  const when = { zone: knownTimeZone(request.headers.get("cookie")), now: Date.now() };
  return (part) =>
    renderToStaticMarkup(<VisitorTimeProvider {...when}>{part}</VisitorTimeProvider>);
}
