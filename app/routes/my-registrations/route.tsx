import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { AddToCalendar } from "~/components/add-to-calendar";
import { ButtonLink } from "~/components/button";
import { DataTable } from "~/components/data-table";
import { DateTime } from "~/components/date-time";
import { EmptyState } from "~/components/empty-state";
import { ListSearch, SearchResult } from "~/components/list-search";
import { listTitle, Page, pageMeta } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { PrintAll } from "~/components/print-all";
import { showRegistrations } from "./list.server";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(listTitle("My registrations", data));

export const loader = ({ request }: LoaderFunctionArgs) => showRegistrations(request);

export default function MyRegistrations() {
  const { items, page, pages, total, q, sort } = useLoaderData<typeof loader>();
  return (
    <Page
      title="My registrations"
      actions={
        <ButtonLink to="/my-registrations/calendar" look="secondary">
          Your calendar
        </ButtonLink>
      }
    >
      {items.length > 0 || q ? <ListSearch q={q} label="Search competitions" /> : null}
      <SearchResult q={q} found={total} />
      {items.length > 0 ? (
        <div className="mt-6">
          <DataTable
            caption="My registrations"
            rows={items}
            rowKey={({ id }) => id}
            sort={sort}
            columns={[
              {
                name: "title",
                label: "Competition",
                sort: "title",
                isHead: true,
                cell: ({ competition: { id, title } }) => (
                  <Link
                    to={`/competitions/${id}`}
                    className="inline-flex min-h-6 items-center rounded-sm hover:underline"
                  >
                    <bdi>{title}</bdi>
                  </Link>
                ),
              },
              {
                name: "seat",
                label: "Seat",
                cell: ({ seatNo, place }) =>
                  seatNo === null ? (
                    `In line, ${place}`
                  ) : (
                    <span className="font-semibold tabular-nums">
                      <span className="sr-only">Seat </span>
                      {seatNo}
                    </span>
                  ),
              },
              {
                name: "start",
                label: "Starts",
                sort: "start",
                cell: ({ competition: { id, startDate, timeZone } }) =>
                  startDate ? (
                    <>
                      <DateTime value={startDate} zone={timeZone} />{" "}
                      <span className="block">
                        <AddToCalendar id={id} />
                      </span>
                    </>
                  ) : (
                    "To be announced"
                  ),
              },
              {
                name: "registered",
                label: "Since",
                sort: "-registered",
                cell: ({ registeredAt }) => <DateTime value={registeredAt} relative={false} />,
              },
            ]}
          />
        </div>
      ) : q ? null : (
        <EmptyState
          title="You are not registered for anything yet"
          action={<ButtonLink to="/competitions">See all competitions</ButtonLink>}
        >
          Take a seat, and it shows up here with its number.
        </EmptyState>
      )}
      <Pagination page={page} pages={pages} />
      {pages > 1 ? <PrintAll to="/my-registrations/print" isPart /> : null}
    </Page>
  );
}
